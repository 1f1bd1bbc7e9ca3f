import type { LogFilter } from '@/gql/graphql';

/** A filter that lets pass what occurred in one microsecond: that of this instant. */
export function atInstant(occurredAt: string): LogFilter {
  return { from: occurredAt, to: microsecondLater(occurredAt) };
}

/** An RFC 3339 instant in UTC, one microsecond later. */
export function microsecondLater(instant: string): string {
  const match = /^(.*:\d{2})(?:\.(\d{1,6})\d*)?Z$/.exec(instant);
  if (!match) return instant;
  const micros = Number((match[2] ?? '').padEnd(6, '0')) + 1;
  if (micros < 1_000_000) return `${match[1]}.${String(micros).padStart(6, '0')}Z`;
  return new Date(Date.parse(`${match[1]}Z`) + 1_000).toISOString().replace('.000Z', '.000000Z');
}

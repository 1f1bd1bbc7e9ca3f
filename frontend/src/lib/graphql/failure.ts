import type { CombinedError } from 'urql';

/** The codes that the server puts in `extensions.code`, and NETWORK when no answer came at all. */
export type FailureCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'RATE_LIMITED'
  | 'TOO_COMPLEX'
  | 'UNKNOWN_DOCUMENT'
  | 'UNAVAILABLE'
  | 'INTERNAL'
  | 'NETWORK';

const codes: readonly string[] = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'CONFLICT',
  'RATE_LIMITED',
  'TOO_COMPLEX',
  'UNKNOWN_DOCUMENT',
  'UNAVAILABLE',
  'INTERNAL',
];

/** A key that stood in the way, and who holds it where the caller may know. */
export interface ConflictingKey {
  number: string;
  holder: string | null;
}

/** A reservation that stood in the way, and whose it is where the caller may know. */
export interface ConflictingReservation {
  number: string;
  /** RFC 3339 in UTC. */
  from: string | null;
  to: string | null;
  holder: string | null;
}

/** What went wrong, in a form that a screen can explain. */
export interface Failure {
  code: FailureCode;
  message: string;
  field: string | null;
  requestId: string | null;
  retryAfterSeconds: number | null;
  keys: ConflictingKey[];
  /** Who may take the keys, in the server's words. */
  takers: string[];
  /** When the keys have to be back at the latest. */
  latest: string | null;
  reservations: ConflictingReservation[];
  /** The mutation that has to come before this one can work, or the field that would let it. */
  required: string | null;
}

interface WireError {
  message: string;
  extensions?: Record<string, unknown> | undefined;
}

/** Reads the first error of an answer, or the failed request itself. */
export function failureOf(error: CombinedError): Failure {
  const first = error.graphQLErrors[0];
  return first ? failureOfWire(first) : unanswered(error.networkError?.message ?? error.message);
}

/** Reads one GraphQL error as it travels. */
export function failureOfWire(error: WireError): Failure {
  const details = error.extensions ?? {};
  return {
    code: isCode(details.code) ? details.code : 'INTERNAL',
    message: error.message,
    field: text(details.field),
    requestId: text(details.requestId),
    retryAfterSeconds: typeof details.retryAfterSeconds === 'number' ? details.retryAfterSeconds : null,
    keys: Array.isArray(details.keys) ? details.keys.map(conflictingKey) : [],
    takers: Array.isArray(details.takers) ? details.takers.map(text).filter((word) => word !== null) : [],
    latest: text(details.latest),
    reservations: Array.isArray(details.reservations) ? details.reservations.map(reservation) : [],
    required: text(details.required),
  };
}

/** A request that was never answered. */
export function unanswered(message: string): Failure {
  return {
    code: 'NETWORK',
    message,
    field: null,
    requestId: null,
    retryAfterSeconds: null,
    keys: [],
    takers: [],
    latest: null,
    reservations: [],
    required: null,
  };
}

/** Whether the same thing would be done if somebody said why. */
export function mayOverride(failure: Failure | null): boolean {
  return failure?.required === 'overrideReason';
}

/** Whether trying the very same thing again can help. */
export function mayPass(failure: Failure): boolean {
  return ['NETWORK', 'UNAVAILABLE', 'RATE_LIMITED', 'INTERNAL', 'TOO_COMPLEX'].includes(failure.code);
}

function conflictingKey(value: unknown): ConflictingKey {
  const key = (value ?? {}) as Record<string, unknown>;
  return { number: text(key.number) ?? '?', holder: holderName(key.holder) };
}

function reservation(value: unknown): ConflictingReservation {
  const found = (value ?? {}) as Record<string, unknown>;
  return {
    number: text(found.number) ?? '?',
    from: text(found.from),
    to: text(found.to),
    holder: holderName(found.holder),
  };
}

function holderName(value: unknown): string | null {
  if (typeof value === 'object' && value !== null && 'name' in value) return text(value.name);
  return text(value);
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function isCode(value: unknown): value is FailureCode {
  return typeof value === 'string' && codes.includes(value);
}

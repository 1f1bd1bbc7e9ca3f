import { graphql } from '@/gql';
import type { MovementFragment as Fragment } from '@/gql/graphql';

/** A movement as a line of a list shows it. */
export const MovementFragment = graphql(`
  fragment Movement on KeyLogEntry {
    id
    seq
    cursor
    action
    occurredAt
    comment
    dueAt
    actor {
      id
      name
    }
    holder {
      id
      name
    }
    entity {
      type
      id
      label
    }
    key {
      id
      number
      label
      building
      groups {
        id
      }
    }
  }
`);

export type Movement = Fragment;

/** Newest first: by when it happened, then by its place in the ledger. */
export function newestFirst(a: Movement, b: Movement): number {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt < b.occurredAt ? 1 : -1;
  return Number(BigInt(b.seq) - BigInt(a.seq));
}

/** Joins what was loaded with what arrived live; each entry once. */
export function merged(loaded: readonly Movement[], live: readonly Movement[]): Movement[] {
  const byId = new Map([...live, ...loaded].map((movement) => [movement.id, movement]));
  return [...byId.values()].sort(newestFirst);
}

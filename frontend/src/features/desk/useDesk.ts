import { useRef, useState } from 'react';
import { type CombinedError, useClient } from 'urql';
import { unmask } from '@/gql';
import { type Failure, failureOf, mayOverride } from '@/lib/graphql/failure';
import { newId } from '@/lib/uuid';
import {
  DeskIssueDocument,
  DeskKeyFragment,
  DeskLookupDocument,
  DeskPersonFragment,
  DeskReturnDocument,
} from './documents';
import {
  chosen,
  type DeskKey,
  type DeskPerson,
  nextStep,
  nothing,
  type Pending,
  type Refusal,
  type Step,
} from './step';

/** What was done or could not be done last. */
export type Outcome =
  | { kind: 'issued'; keys: DeskKey[]; holder: Named; dueAt: string | null }
  | { kind: 'returned'; key: DeskKey; holder: Named | null }
  | { kind: 'refused'; why: Refusal; typed: string }
  | { kind: 'requested'; keys: DeskKey[]; holder: Named }
  | { kind: 'blocked'; keys: DeskKey[]; holder: Named; failure: Failure; override(reason: string): void }
  | { kind: 'failed'; failure: Failure; again(): void };

interface Named {
  id: string;
  name: string;
}

export interface Desk {
  pending: Pending;
  outcome: Outcome | null;
  /** Several people fit what was typed. */
  choices: DeskPerson[];
  busy: boolean;
  /** Takes a number that was typed or scanned. Numbers that come fast are taken in turn. */
  enter(text: string): void;
  choose(person: DeskPerson): void;
  /** Forgets what waits. */
  clear(): void;
  /** Does the opposite of the last movement, with words that say so: nothing is ever deleted. */
  undo(words: string): void;
}

/** The key room's desk: numbers come in, keys go out and come back. */
export function useDesk(): Desk {
  const client = useClient();
  const [pending, setPending] = useState<Pending>(nothing);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [choices, setChoices] = useState<DeskPerson[]>([]);
  const [waiting, setWaiting] = useState(0);
  const current = useRef<Pending>(nothing);
  const line = useRef<Promise<void>>(Promise.resolve());

  const wait = (next: Pending) => {
    current.current = next;
    setPending(next);
  };
  const inTurn = (work: () => Promise<void>) => {
    setWaiting((count) => count + 1);
    line.current = line.current.then(work).finally(() => setWaiting((count) => count - 1));
  };
  const failed = (error: CombinedError, again: () => Promise<void>) =>
    setOutcome({ kind: 'failed', failure: failureOf(error), again: () => inTurn(again) });

  const issue = async (
    keys: DeskKey[],
    holder: Named,
    comment?: string,
    idempotencyKey = newId(),
    overrideReason?: string,
  ): Promise<void> => {
    const input = {
      keys: keys.map(({ id }) => id),
      holder: holder.id,
      comment,
      idempotencyKey,
      ...(overrideReason !== undefined && { overrideReason }),
    };
    const { data, error } = await client.mutation(DeskIssueDocument, { input }).toPromise();
    if (error) {
      const failure = failureOf(error);
      if (!mayOverride(failure))
        return failed(error, () => issue(keys, holder, comment, idempotencyKey, overrideReason));
      const override = (reason: string) => inTurn(() => issue(keys, holder, comment, idempotencyKey, reason));
      return setOutcome({ kind: 'blocked', keys, holder, failure, override });
    }
    if (data && data.issueKeys.approvals.length > 0) {
      wait({ keys: [], holder: current.current.holder });
      return setOutcome({ kind: 'requested', keys, holder });
    }
    const dueAt = data?.issueKeys.loans[0]?.dueAt ?? null;
    wait({ keys: [], holder: current.current.holder });
    setOutcome({ kind: 'issued', keys, holder, dueAt });
  };
  const takeBack = async (
    keys: DeskKey[],
    holder: Named | null,
    comment?: string,
    idempotencyKey = newId(),
  ): Promise<void> => {
    const input = { keys: keys.map(({ id }) => id), comment, idempotencyKey };
    const { error } = await client.mutation(DeskReturnDocument, { input }).toPromise();
    if (error) return failed(error, () => takeBack(keys, holder, comment, idempotencyKey));
    const [key] = keys;
    if (key) setOutcome({ kind: 'returned', key, holder });
  };
  const carryOut = async (step: Step, typed: string): Promise<void> => {
    setChoices(step.do === 'choose' ? step.persons : []);
    switch (step.do) {
      case 'issue':
        return issue(step.keys, step.holder);
      case 'return':
        return takeBack([step.key], step.key.loan?.holder ?? null);
      case 'wait':
        setOutcome(null);
        return wait(step.pending);
      case 'refuse':
        setOutcome({ kind: 'refused', why: step.why, typed });
    }
  };
  const take = async (number: string): Promise<void> => {
    const { data, error } = await client
      .query(
        DeskLookupDocument,
        { number, capitals: number.toUpperCase() },
        { requestPolicy: 'network-only' },
      )
      .toPromise();
    if (error || !data) return error && failed(error, () => take(number));
    const key = data.key ?? data.inCapitals;
    const meaning = {
      key: key ? unmask(DeskKeyFragment, key) : null,
      badges: data.personsByBadge.map((person) => unmask(DeskPersonFragment, person)),
      named: data.people.edges.map(({ node }) => unmask(DeskPersonFragment, node)),
    };
    return carryOut(nextStep(current.current, meaning), number);
  };

  return {
    pending,
    outcome,
    choices,
    busy: waiting > 0,
    enter: (text) => {
      const number = text.trim();
      if (number !== '') inTurn(() => take(number));
    },
    choose: (person) => inTurn(() => carryOut(chosen(current.current, person), person.name)),
    clear: () => {
      wait(nothing);
      setChoices([]);
      setOutcome(null);
    },
    undo: (words) => {
      if (outcome?.kind === 'issued') {
        const { keys, holder } = outcome;
        inTurn(() => takeBack(keys, holder, words));
      }
      if (outcome?.kind === 'returned' && outcome.holder) {
        const { key, holder } = outcome;
        inTurn(() => issue([key], holder, words));
      }
    },
  };
}

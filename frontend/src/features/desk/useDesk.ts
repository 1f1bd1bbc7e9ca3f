import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from 'urql';
import { failureOf, mayOverride } from '@/lib/graphql/failure';
import { files } from '@/lib/paths';
import { useSession } from '@/lib/session/session';
import { newId } from '@/lib/uuid';
import { commands, undoable } from './commands';
import { DeskIssueDocument, DeskReturnDocument } from './documents';
import {
  type Command,
  type Errand,
  type ErrandName,
  failed,
  type Kit,
  meaningOf,
  moved,
  type Named,
  numbersOf,
  type Outcome,
  sequences,
  tried,
} from './errand';
import { begin } from './errands/begin';
import {
  chosen,
  type DeskKey,
  type DeskPerson,
  isReason,
  nextStep,
  nothing,
  type Pending,
  type Step,
} from './step';

export interface Desk {
  pending: Pending;
  outcome: Outcome | null;
  /** What is done instead of issuing and taking back. */
  errand: Errand | null;
  /** What function keys do now. */
  commands: readonly Command[];
  /** Several people fit what was typed. */
  choices: DeskPerson[];
  busy: boolean;
  /** Takes what was typed or scanned. What comes fast is taken in turn. */
  enter(text: string): void;
  choose(person: DeskPerson): void;
  /** Forgets what waits, and leaves what was begun. */
  clear(): void;
  begin(name: ErrandName): void;
}

/** The key room's desk: numbers come in, keys go out and come back, and function keys do the rest. */
export function useDesk(): Desk {
  const client = useClient();
  const { i18n } = useTranslation();
  const { permissions, server, clockOffset } = useSession();
  const [pending, setPending] = useState<Pending>(nothing);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [errand, setErrand] = useState<Errand | null>(null);
  const [choices, setChoices] = useState<DeskPerson[]>([]);
  const [waiting, setWaiting] = useState(0);
  const current = useRef<Pending>(nothing);
  const doing = useRef<Errand | null>(null);
  const line = useRef<Promise<void>>(Promise.resolve());

  const wait = (next: Pending) => {
    current.current = next;
    setPending(next);
  };
  const inTurn = (work: () => Promise<void>) => {
    setWaiting((count) => count + 1);
    line.current = line.current.then(work).finally(() => setWaiting((count) => count - 1));
  };
  const kit: Kit = {
    client,
    may: (permission) => permissions.has(permission),
    clock: { now: () => Date.now() + clockOffset, zone: server.timeZone },
    next: (errand) => {
      doing.current = errand;
      setErrand(errand);
    },
    say: setOutcome,
    inTurn,
    print: (loan) => {
      window.open(files.receipt(loan, i18n.resolvedLanguage ?? 'en'), '_blank', 'noopener');
    },
  };
  const issue = async (
    keys: DeskKey[],
    holder: Named,
    idempotencyKey = newId(),
    overrideReason?: string,
  ): Promise<void> => {
    const input = {
      keys: keys.map(({ id }) => id),
      holder: holder.id,
      idempotencyKey,
      ...(overrideReason !== undefined && { overrideReason }),
    };
    const { data, error } = await client.mutation(DeskIssueDocument, { input }).toPromise();
    if (error) {
      const failure = failureOf(error);
      if (!mayOverride(failure))
        return failed(kit, failure, () => issue(keys, holder, idempotencyKey, overrideReason));
      const override = (reason: string) => inTurn(() => issue(keys, holder, idempotencyKey, reason));
      return setOutcome({ kind: 'blocked', keys, holder, failure, override });
    }
    wait({ keys: [], holder: current.current.holder });
    const together = moved(keys, data?.issueKeys.entries ?? []);
    if (data && data.issueKeys.approvals.length > 0)
      return setOutcome({ kind: 'requested', keys: together, holder });
    const loans = data?.issueKeys.loans ?? [];
    const dueAt = loans[0]?.dueAt ?? null;
    setOutcome({ kind: 'issued', keys: together, holder, dueAt, loans: loans.map(({ id }) => id) });
  };
  const takeBack = async (key: DeskKey, idempotencyKey = newId()): Promise<void> => {
    const input = { keys: [key.id], idempotencyKey };
    const data = await tried(kit, DeskReturnDocument, { input }, () => takeBack(key, idempotencyKey));
    if (!data) return;
    const entries = sequences(data.returnKeys.entries);
    const number = numbersOf(moved([key], data.returnKeys.entries));
    setOutcome({ kind: 'returned', key: { ...key, number }, holder: key.loan?.holder ?? null, entries });
  };
  const carryOut = async (step: Step, typed: string): Promise<void> => {
    setChoices(step.do === 'choose' ? step.persons : []);
    switch (step.do) {
      case 'issue':
        return issue(step.keys, step.holder);
      case 'return':
        return takeBack(step.key);
      case 'wait':
        setOutcome(null);
        return wait(step.pending);
      case 'refuse':
        setOutcome({ kind: 'refused', why: step.why, typed });
    }
  };
  const take = async (number: string): Promise<void> => {
    const meaning = await meaningOf(kit, number, () => take(number));
    if (meaning) return carryOut(nextStep(current.current, meaning), number);
  };
  const answer = async ({ words, blank, enter }: Errand, typed: string): Promise<void> => {
    if (typed === '') return blank ? enter(typed) : undefined;
    if (words && !isReason(typed)) return setOutcome({ kind: 'refused', why: 'noWords', typed });
    return enter(typed);
  };
  const clear = () => {
    wait(nothing);
    setChoices([]);
    setOutcome(null);
    kit.next(null);
  };
  const start = (name: ErrandName) => {
    if (name === 'receipt' && outcome?.kind === 'issued' && outcome.loans.length === 1)
      return outcome.loans.forEach(kit.print);
    const last = undoable(outcome) ? outcome : null;
    inTurn(() => {
      clear();
      return begin(kit, name, last);
    });
  };

  return {
    pending,
    outcome,
    errand,
    commands: errand ? (errand.commands ?? []) : commands(outcome, kit.may, start),
    choices: errand ? (errand.choices ?? []) : choices,
    busy: waiting > 0,
    enter: (text) => {
      const typed = text.trim();
      inTurn(async () => {
        if (doing.current) return answer(doing.current, typed);
        if (typed !== '') return take(typed);
      });
    },
    choose: (person) => {
      if (errand) return errand.choose?.(person);
      inTurn(() => carryOut(chosen(current.current, person), person.name));
    },
    clear,
    begin: start,
  };
}

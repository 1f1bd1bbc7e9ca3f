// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { TestLog } from '@/testing/tlog';
import { judge, keep, keptCheckpoint, mayStartAnew, type Questions, Refusal, toneOf } from './remember';

const log = new TestLog(Array.from({ length: 17 }, (_, index) => `{"entry":${index}}`));
const { verifierKey } = log;
const signed = async (size: number) => ({ note: await log.note(size), verifierKey });

const honest: Questions = {
  consistency: (from, to) => log.extension(Number(from), Number(to)),
  newest: () => signed(17),
};

beforeEach(() => localStorage.clear());

describe('the remembered checkpoint', () => {
  it('moves forward with what continues it', async () => {
    for (const [size, standing] of [
      [5, 'first'],
      [9, 'extended'],
      [9, 'same'],
    ] as const) {
      expect((await judge(await signed(size), honest)).standing).toBe(standing);
      expect(keptCheckpoint()?.note).toBe(await log.note(size));
    }
  });

  it('never falls back when another tab remembers a newer one meanwhile', async () => {
    keep(await signed(5));
    const judged = await judge(await signed(9), {
      ...honest,
      consistency: async (from, to) => {
        keep(await signed(12));
        return honest.consistency(from, to);
      },
    });
    expect(judged.standing).toBe('extended');
    expect(judged.now.note).toBe(await log.note(17));
    expect(keptCheckpoint()?.note).toBe(await log.note(17));
  });

  it('does not call an answer that came late shrunken', async () => {
    keep(await signed(12));
    expect((await judge(await signed(9), honest)).standing).toBe('extended');
  });

  it('calls it shrunken when the newest one is older, too', async () => {
    keep(await signed(12));
    const judged = await judge(await signed(9), { ...honest, newest: () => signed(10) });
    expect(judged.standing).toBe('shrunken');
    expect(keptCheckpoint()?.note).toBe(await log.note(12));
  });

  it('is not promised where the browser keeps nothing', async () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    expect((await judge(await signed(9), honest)).standing).toBe('unkept');
  });

  it('is an alarm when the server refuses the proof, and open when no answer came', async () => {
    keep(await signed(5));
    const fails = (error: Error) => async () => {
      throw error;
    };
    const refused = await judge(await signed(9), { ...honest, consistency: fails(new Refusal('no')) });
    const unanswered = await judge(await signed(9), { ...honest, consistency: fails(new Error('lost')) });
    expect([refused.standing, toneOf(refused.standing)]).toEqual(['refused', 'bad']);
    expect([unanswered.standing, toneOf(unanswered.standing)]).toEqual(['unanswered', 'open']);
    expect(keptCheckpoint()?.note).toBe(await log.note(5));
  });

  it('is never replaced by one that its key did not sign', async () => {
    keep(await signed(5));
    const forged = { note: await new TestLog(log.bodies).note(9), verifierKey };
    const { standing } = await judge(forged, honest);
    expect(standing).toBe('unsigned');
    expect(mayStartAnew(standing)).toBe(false);
    expect(mayStartAnew('forked')).toBe(true);
    expect(mayStartAnew('damaged')).toBe(true);
  });
});

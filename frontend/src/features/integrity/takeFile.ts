import { type Failure, failureOfWire, unanswered } from '@/lib/graphql/failure';
import { spoken } from '@/lib/graphql/spoken';
import { handBlob } from './download';

/** A report of a year is read within seconds; whoever waits for longer waits for nothing. */
const answerWithin = 120_000;

/**
 * Saves what the server answers at an address under a name. A plain link would leave whoever follows it on a page of JSON
 * when it is refused; so the refusal is given back, null where there was none.
 */
export async function takeFile(address: string, name: string): Promise<Failure | null> {
  try {
    const answer = await fetch(address, {
      credentials: 'same-origin',
      headers: { 'Accept-Language': spoken() },
      signal: AbortSignal.timeout(answerWithin),
    });
    if (!answer.ok) return await refusal(answer);
    handBlob(name, await answer.blob());
    return null;
  } catch (error) {
    return unanswered(error instanceof Error ? error.message : String(error));
  }
}

/** The server says why in JSON; something in between may say anything. */
async function refusal(answer: Response): Promise<Failure> {
  const said: unknown = await answer.json().catch(() => null);
  if (typeof said !== 'object' || said === null) return unanswered(answer.statusText);
  const { message, ...extensions } = said as Record<string, unknown>;
  return failureOfWire({ message: typeof message === 'string' ? message : answer.statusText, extensions });
}

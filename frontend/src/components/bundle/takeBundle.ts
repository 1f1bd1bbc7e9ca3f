import { type Failure, failureOfWire, unanswered } from '@/lib/graphql/failure';

/** A bundle of the most entries is made and sent well within this. */
const patience = 10 * 60_000;

/** Has the server make a case bundle and hands it to the browser as a file; what went wrong otherwise. */
export async function takeBundle(address: string, language: string): Promise<Failure | null> {
  try {
    const answer = await fetch(address, {
      headers: { 'Accept-Language': language },
      signal: AbortSignal.timeout(patience),
    });
    if (!answer.ok) return await refusalOf(answer);
    hand(await answer.blob());
    return null;
  } catch (error) {
    return unanswered(error instanceof Error ? error.message : String(error));
  }
}

async function refusalOf(answer: Response): Promise<Failure> {
  const { code, message, field } = (await answer.json()) as Record<string, string>;
  return failureOfWire({ message: message ?? '', extensions: { code, field } });
}

function hand(file: Blob): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = 'case-bundle.zip';
  link.click();
  URL.revokeObjectURL(address);
}

/** How many numbers one count takes. */
export const mostNumbers = 2_000;

export interface Scan {
  numbers: readonly string[];
  /** What became of what was scanned last. */
  said: 'added' | 'twice' | 'full' | 'nothing';
  number: string;
}

export const noScan: Scan = { numbers: [], said: 'nothing', number: '' };

/** Takes what was scanned or typed, newest first; a number counts once, however its letters are written. */
export function scan({ numbers }: Scan, typed: string): Scan {
  const number = typed.trim();
  if (number === '') return { numbers, said: 'nothing', number };
  const former = numbers.find((each) => each.toLowerCase() === number.toLowerCase());
  if (former !== undefined) return { numbers, said: 'twice', number: former };
  if (numbers.length >= mostNumbers) return { numbers, said: 'full', number };
  return { numbers: [number, ...numbers], said: 'added', number };
}

/** Takes a number back that was scanned by mistake. */
export function unscan({ numbers }: Scan, number: string): Scan {
  return { numbers: numbers.filter((each) => each !== number), said: 'nothing', number };
}

import { type Errand, type Kit, withKey } from '../errand';

/** Prints the receipt of a key that is out. */
export function receipt(kit: Kit): Errand {
  return {
    name: 'receipt',
    asks: 'receipt',
    enter: (number) =>
      withKey(
        kit,
        number,
        ({ loan }) => (loan ? null : 'notOut'),
        ({ loan, number: printed }) => {
          if (!loan) return;
          kit.print(loan.id);
          kit.next(null);
          kit.say({ kind: 'receipt', loan: loan.id, number: printed, name: loan.holder.name });
        },
      ),
  };
}

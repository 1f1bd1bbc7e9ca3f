/** One holder's time with a key; instants in milliseconds since 1970. */
export interface Holding {
  id: string;
  holder: string;
  from: number;
  due: number | null;
  /** Null while the key is out. */
  to: number | null;
}

/** A piece of the custody bar, in percent of its width. */
export interface Piece {
  id: string;
  holder: string;
  left: number;
  width: number;
  /** How much of the piece, counted from its right end, lies after the due time; in percent of the piece. */
  late: number;
  from: number;
  to: number | null;
}

/** The pieces of a bar that shows one span of time; what lies outside is cut off. Oldest first. */
export function pieces(holdings: readonly Holding[], start: number, now: number): Piece[] {
  const span = now - start;
  return holdings
    .filter((holding) => (holding.to ?? now) > start && holding.from < now)
    .sort((a, b) => a.from - b.from)
    .map((holding) => {
      const from = Math.max(holding.from, start);
      const to = Math.min(holding.to ?? now, now);
      const lateFrom = holding.due === null ? to : Math.min(to, Math.max(from, holding.due));
      return {
        id: holding.id,
        holder: holding.holder,
        left: ((from - start) / span) * 100,
        width: ((to - from) / span) * 100,
        late: to > from ? ((to - lateFrom) / (to - from)) * 100 : 0,
        from: holding.from,
        to: holding.to,
      };
    });
}

/** What share of a span the key was out, 0 to 1. */
export function shareOut(shown: readonly Piece[]): number {
  return shown.reduce((sum, piece) => sum + piece.width, 0) / 100;
}

import { useEffect, useRef } from 'react';
import type { UseQueryExecute } from 'urql';

/** Asks a query of counts again whenever the number grows. */
export function useCountAgain(counted: number, ask: UseQueryExecute): void {
  const before = useRef(counted);
  useEffect(() => {
    if (before.current === counted) return;
    before.current = counted;
    ask({ requestPolicy: 'network-only' });
  }, [counted, ask]);
}

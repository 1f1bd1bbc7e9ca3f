import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useMemo, useSyncExternalStore } from 'react';
import { type AnyVariables, stringifyVariables, useClient } from 'urql';
import { type PageEnd, Pager, type PagerState } from './pager';

export interface Pages<Data> extends PagerState<Data> {
  more(): void;
  refresh(): void;
}

/**
 * A list that grows page by page and starts again when its filter changes.
 *
 * @param variables all variables but `after`
 * @param end must be a stable function
 */
export function usePages<Data, Variables extends AnyVariables & { after?: string | null | undefined }>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Omit<Variables, 'after'>,
  end: (data: Data) => PageEnd,
): Pages<Data> {
  const client = useClient();
  const key = stringifyVariables(variables);
  const pager = useMemo(() => {
    const fixed = JSON.parse(key) as Variables;
    return new Pager(client, document, (after) => ({ ...fixed, after }), end);
  }, [client, document, key, end]);
  const state = useSyncExternalStore(pager.subscribe, pager.snapshot);
  return { ...state, more: pager.more, refresh: pager.refresh };
}

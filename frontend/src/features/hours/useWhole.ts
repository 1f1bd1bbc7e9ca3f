import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useEffect, useState } from 'react';
import { type AnyVariables, stringifyVariables } from 'urql';
import type { PageEnd } from '@/lib/graphql/pager';
import { type Pages, usePages } from '@/lib/graphql/usePages';

const mostPages = 10;

export interface Whole<Data> extends Pages<Data> {
  /** Every page was there once, or ten of them; it stays so while the list is asked for again. */
  complete: boolean;
}

/** A list of which every page is asked for, one after the other, up to ten; `hasMore` says that there are others. */
export function useWhole<Data, Variables extends AnyVariables & { after?: string | null | undefined }>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Omit<Variables, 'after'>,
  end: (data: Data) => PageEnd,
): Whole<Data> {
  const pages = usePages(document, variables, end);
  const { hasMore, loading, error, more } = pages;
  const key = stringifyVariables(variables);
  const [completed, setCompleted] = useState<string | null>(null);
  const goesOn = hasMore && !error && pages.pages.length < mostPages;
  const ended = pages.pages.length > 0 && !goesOn && !loading;
  useEffect(() => {
    if (goesOn && !loading) more();
    if (ended) setCompleted(key);
  }, [goesOn, loading, more, ended, key]);
  return { ...pages, complete: pages.pages.length > 0 && completed === key };
}

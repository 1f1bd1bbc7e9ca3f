import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useEffect } from 'react';
import type { AnyVariables } from 'urql';
import type { PageEnd } from '@/lib/graphql/pager';
import { type Pages, usePages } from '@/lib/graphql/usePages';

const mostPages = 10;

/** A list of which every page is asked for, one after the other, up to ten; `hasMore` says that there are others. */
export function useWhole<Data, Variables extends AnyVariables & { after?: string | null | undefined }>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Omit<Variables, 'after'>,
  end: (data: Data) => PageEnd,
): Pages<Data> & { complete: boolean } {
  const pages = usePages(document, variables, end);
  const { hasMore, loading, error, more } = pages;
  const goesOn = hasMore && !error && pages.pages.length < mostPages;
  useEffect(() => {
    if (goesOn && !loading) more();
  }, [goesOn, loading, more]);
  return { ...pages, complete: pages.pages.length > 0 && !goesOn && !loading };
}

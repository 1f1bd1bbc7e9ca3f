import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type AnyVariables, type Client, type CombinedError, createRequest } from 'urql';
import { pipe, subscribe } from 'wonka';

/** What a page tells of its place in the list. */
export interface PageEnd {
  hasNextPage: boolean;
  endCursor?: string | null | undefined;
}

export interface PagerState<Data> {
  pages: Data[];
  hasMore: boolean;
  loading: boolean;
  error: CombinedError | null;
}

interface Page<Data> {
  after: string | null;
  data: Data | null;
  loading: boolean;
  error: CombinedError | null;
  stop(): void;
}

/**
 * A list that grows page by page. Each page stays subscribed to the cache, so its rows follow what feeds and
 * mutations bring. When a page ends elsewhere than before, the pages after it are asked for anew: no gap, no row
 * twice.
 */
export class Pager<Data, Variables extends AnyVariables> {
  private pages: Page<Data>[] = [];
  private readonly listeners = new Set<() => void>();
  private state: PagerState<Data> = { pages: [], hasMore: false, loading: true, error: null };

  constructor(
    private readonly client: Client,
    private readonly document: TypedDocumentNode<Data, Variables>,
    private readonly variables: (after: string | null) => Variables,
    private readonly end: (data: Data) => PageEnd,
  ) {}

  readonly snapshot = (): PagerState<Data> => this.state;

  /** Loads the first page when the first listener comes, and lets go of everything when the last one leaves. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.open(0, null, 'cache-and-network');
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.truncate(0);
    };
  };

  /** Asks for the next page, if there is one and none is under way. */
  readonly more = (): void => {
    const last = this.pages.at(-1);
    if (!last?.data || last.loading || !this.end(last.data).hasNextPage) return;
    this.open(this.pages.length, this.end(last.data).endCursor ?? null, 'cache-and-network');
    this.publish();
  };

  /** Asks the server again, keeping what is on screen meanwhile. */
  readonly refresh = (): void => {
    this.pages.forEach((page, index) => {
      this.open(index, page.after, 'network-only');
    });
    this.publish();
  };

  private open(
    index: number,
    after: string | null,
    requestPolicy: 'cache-and-network' | 'network-only',
  ): void {
    const former = this.pages[index];
    const page: Page<Data> = {
      after,
      data: former?.after === after ? former.data : null,
      loading: true,
      error: null,
      stop: () => {},
    };
    this.pages[index] = page;
    const request = createRequest(this.document, this.variables(after));
    const running = pipe(
      this.client.executeRequestOperation(
        this.client.createRequestOperation('query', request, { requestPolicy }),
      ),
      subscribe((result) => {
        page.error = result.error ?? null;
        page.loading = Boolean(result.stale);
        if (result.data) page.data = result.data;
        this.alignNext(page);
        this.publish();
      }),
    );
    page.stop = running.unsubscribe;
    former?.stop();
  }

  private alignNext(page: Page<Data>): void {
    const index = this.pages.indexOf(page);
    const next = this.pages[index + 1];
    if (index < 0 || !next || !page.data) return;
    const { endCursor, hasNextPage } = this.end(page.data);
    if (!hasNextPage) this.truncate(index + 1);
    else if (endCursor && endCursor !== next.after) this.open(index + 1, endCursor, 'cache-and-network');
  }

  private truncate(length: number): void {
    for (const page of this.pages.splice(length)) page.stop();
  }

  private publish(): void {
    const last = this.pages.at(-1);
    this.state = {
      pages: this.pages.flatMap((page) => (page.data ? [page.data] : [])),
      hasMore: last?.data ? this.end(last.data).hasNextPage : false,
      loading: this.pages.some((page) => page.loading),
      error: this.pages.find((page) => page.error)?.error ?? null,
    };
    for (const listener of this.listeners) listener();
  }
}

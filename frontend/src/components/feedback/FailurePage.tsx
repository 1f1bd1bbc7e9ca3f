import type { Failure } from '@/lib/graphql/failure';
import { Brand } from '../Brand';
import { FailureNotice } from './FailureNotice';
import classes from './FailurePage.module.css';

/** A failure that leaves nothing else to show. */
export function FailurePage({ failure, retry }: { failure: Failure; retry(): void }) {
  return (
    <main className={classes.page}>
      <h1>
        <Brand />
      </h1>
      <FailureNotice failure={failure} retry={retry} />
    </main>
  );
}

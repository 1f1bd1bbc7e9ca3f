import type { ReactNode } from 'react';
import { useId } from 'react';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import type { Failure } from '@/lib/graphql/failure';
import classes from './Keeping.module.css';

interface SectionProps {
  title: string;
  explained: string;
  aside?: ReactNode;
  /** Stays while the children are loaded anew, or cannot be. */
  before?: ReactNode;
  loaded: boolean;
  failure: Failure | null;
  retry(): void;
  children: ReactNode;
}

/** A part of the page with its heading, and what it shows while there is nothing yet. */
export function Section({ title, explained, aside, before, loaded, failure, retry, children }: SectionProps) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div className={classes.head}>
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      <p className={classes.explained}>{explained}</p>
      {before}
      {failure && <FailureNotice failure={failure} retry={retry} />}
      {!loaded && !failure && <SkeletonRows rows={3} />}
      {loaded && children}
    </section>
  );
}

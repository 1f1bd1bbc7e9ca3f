import type { ReactNode } from 'react';
import classes from './EmptyState.module.css';

interface EmptyStateProps {
  title: string;
  explanation?: string | undefined;
  action?: ReactNode;
}

/** Says what will appear here, and offers the first action. */
export function EmptyState({ title, explanation, action }: EmptyStateProps) {
  return (
    <div className={classes.empty} role="status">
      <p className={classes.title}>{title}</p>
      {explanation && <p className={classes.explanation}>{explanation}</p>}
      {action}
    </div>
  );
}

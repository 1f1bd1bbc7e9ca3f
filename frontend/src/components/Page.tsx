import { type ReactNode, useEffect } from 'react';
import classes from './Page.module.css';

interface PageProps {
  title: string;
  /** Beside the title. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A page's heading and content; names the browser's tab. */
export function Page({ title, aside, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · keytrail`;
  }, [title]);
  return (
    <>
      <header className={classes.header}>
        <h1 className={classes.title}>{title}</h1>
        {aside}
      </header>
      {children}
    </>
  );
}

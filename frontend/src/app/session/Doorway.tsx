import type { ReactNode } from 'react';
import { Brand } from '@/components/Brand';
import { LanguageChoice } from '../frame/LanguageChoice';
import { ThemeChoice } from '../frame/ThemeChoice';
import classes from './Doorway.module.css';

interface DoorwayProps {
  title: string;
  note: string | null;
  children: ReactNode;
}

/** The page in front of the app: one card, language and theme. */
export function Doorway({ title, note, children }: DoorwayProps) {
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <LanguageChoice />
        <ThemeChoice />
      </header>
      <main className={classes.card}>
        <Brand />
        <h1>{title}</h1>
        {note && <p className={classes.note}>{note}</p>}
        {children}
      </main>
    </div>
  );
}

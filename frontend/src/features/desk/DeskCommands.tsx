import { useTranslation } from 'react-i18next';
import classes from './Desk.module.css';
import type { Command } from './errand';

interface DeskCommandsProps {
  commands: readonly Command[];
  run(command: Command): void;
}

/** What function keys do now, each also to be touched. */
export function DeskCommands({ commands, run }: DeskCommandsProps) {
  const { t } = useTranslation();
  if (commands.length === 0) return null;
  return (
    <ul className={classes.commands} aria-label={t('desk.functionKeys')}>
      {commands.map((command) => (
        <li key={command.key}>
          <button type="button" aria-keyshortcuts={command.key} onClick={() => run(command)}>
            <kbd>{command.key}</kbd> {t(command.says)}
          </button>
        </li>
      ))}
    </ul>
  );
}

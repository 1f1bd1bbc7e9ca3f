import { IconPoint } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './ActionMark.module.css';
import { type ActionLook, actions, isKnown } from './actions';

const unknownLook: ActionLook = { icon: IconPoint, tone: 'quiet' };

interface ActionMarkProps {
  action: string;
  /** What the program that sent it calls it. */
  title?: string | null | undefined;
}

/** What was done, as a mark and in words; a code that has no words is shown as it is. */
export function ActionMark({ action, title }: ActionMarkProps) {
  const { t } = useTranslation();
  const { icon: Icon, tone } = isKnown(action) ? actions[action] : unknownLook;
  return (
    <span className={classes.mark} data-tone={tone}>
      <Icon size={15} stroke={2.2} aria-hidden="true" />
      {isKnown(action) ? t(`actions.${action}`) : (title ?? action)}
    </span>
  );
}

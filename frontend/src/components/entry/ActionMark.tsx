import { IconPoint } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './ActionMark.module.css';
import { type ActionLook, actions, isKnown } from './actions';

const unknownLook: ActionLook = { icon: IconPoint, tone: 'quiet' };

/** What was done, as a mark and in words; a code that this app does not know is shown as it is. */
export function ActionMark({ action }: { action: string }) {
  const { t } = useTranslation();
  const { icon: Icon, tone } = isKnown(action) ? actions[action] : unknownLook;
  return (
    <span className={classes.mark} data-tone={tone}>
      <Icon size={15} stroke={2.2} aria-hidden="true" />
      {isKnown(action) ? t(`actions.${action}`) : action}
    </span>
  );
}

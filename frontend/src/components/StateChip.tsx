import {
  IconAlertTriangle,
  IconArrowUp,
  IconBookmark,
  IconCheck,
  IconKeyOff,
  IconQuestionMark,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { KeyState } from '@/gql/graphql';
import classes from './StateChip.module.css';

const icons = {
  AVAILABLE: IconCheck,
  RESERVED: IconBookmark,
  ISSUED: IconArrowUp,
  OVERDUE: IconAlertTriangle,
  LOST: IconQuestionMark,
  RETIRED: IconKeyOff,
} satisfies Record<KeyState, unknown>;

/** Where a key is in its life: a mark, a word and a colour. */
export function StateChip({ state }: { state: KeyState }) {
  const { t } = useTranslation();
  const Icon = icons[state];
  return (
    <span className={classes.chip} data-state={state}>
      <Icon size={13} stroke={2.4} aria-hidden="true" />
      {t(`states.${state}`)}
    </span>
  );
}

import { Button, Checkbox } from '@mantine/core';
import { IconChecks, IconFlag } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { mostAtOnce } from '@/components/entry/reviewQuery';
import { useFormats } from '@/lib/session/clock';
import type { Said } from './MarkDialog';
import classes from './Review.module.css';

interface ReviewBarProps {
  /** How many entries are shown, and how many of them are chosen. */
  shown: number;
  chosen: number;
  /** Chooses as many of those shown as can be marked at a time, or none. */
  chooseAll(chosen: boolean): void;
  mark(said: Said): void;
}

/** What a reviewer does with the entries that he chose. */
export function ReviewBar({ shown, chosen, chooseAll, mark }: ReviewBarProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <div className={classes.bar} role="group" aria-label={t('review.title')}>
      <Checkbox
        size="xs"
        checked={chosen > 0}
        indeterminate={chosen > 0 && chosen < Math.min(shown, mostAtOnce)}
        onChange={() => chooseAll(chosen === 0)}
        label={
          chosen > 0
            ? t('review.chosen', { count: chosen, shown: formats.number(chosen) })
            : t('review.chooseAll')
        }
      />
      <Button
        size="xs"
        variant="default"
        leftSection={<IconFlag size={15} />}
        disabled={chosen === 0}
        onClick={() => mark('FLAGGED')}
      >
        {t('review.flag')}
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconChecks size={15} />}
        disabled={chosen === 0}
        onClick={() => mark('REVIEWED')}
      >
        {t('review.review')}
      </Button>
    </div>
  );
}

import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAnnounce } from '@/components/feedback/announce';
import { failureOf } from '@/lib/graphql/failure';
import { useRecompute } from './useRecompute';

/** Has hours computed now, for whoever may; every 15 minutes it is done anyway. */
export function RecomputeButton() {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const { may, busy, recompute } = useRecompute();
  if (!may) return null;
  const run = async () => {
    const error = await recompute();
    announce(error ? failureOf(error).message : t('hours.recomputed'));
  };
  return (
    <Button
      variant="default"
      leftSection={<IconRefresh size={16} aria-hidden="true" />}
      onClick={run}
      loading={busy}
      title={t('hours.recomputeHint')}
    >
      {t('hours.recompute')}
    </Button>
  );
}

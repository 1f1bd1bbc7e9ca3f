import { Button } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/feedback/EmptyState';
import { Page } from '@/components/Page';

/** A page that broke while it was drawn, or whose program could not be loaded. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  return (
    <Page title={t('pageFailure.title')}>
      <EmptyState
        title={t('pageFailure.explained')}
        explanation={error instanceof Error ? error.message : undefined}
        action={
          <Button
            variant="default"
            onClick={() => {
              reset();
              window.location.reload();
            }}
          >
            {t('pageFailure.reload')}
          </Button>
        }
      />
    </Page>
  );
}

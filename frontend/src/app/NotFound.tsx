import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/feedback/EmptyState';
import { Page } from '@/components/Page';
import { paths } from '@/lib/paths';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t('notFound.title')}>
      <EmptyState
        title={t('notFound.explained')}
        action={
          <Button variant="default" renderRoot={(props) => <Link {...paths.calendar()} {...props} />}>
            {t('notFound.home')}
          </Button>
        }
      />
    </Page>
  );
}

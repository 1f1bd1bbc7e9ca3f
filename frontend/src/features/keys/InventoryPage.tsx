import { Button } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '@/components/Page';
import { paths } from '@/lib/paths';
import { useCan } from '@/lib/session/session';
import { CountForm } from './CountForm';
import { FormerCounts } from './FormerCounts';
import { InventoryResult } from './InventoryResult';

/** Counting keys: what should be there, what is, and what to do about the rest. */
export function InventoryPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { count } = useSearch({ from: '/keys/inventory' });
  const mayIssue = useCan('KEYS_ISSUE');
  return (
    <Page
      title={t('inventory.title')}
      aside={
        <Button variant="default" renderRoot={(props) => <Link {...paths.keys()} {...props} />}>
          {t('keys.all')}
        </Button>
      }
    >
      {count ? (
        <InventoryResult key={count} id={count} />
      ) : (
        <>
          {mayIssue && <CountForm counted={(id) => navigate(paths.inventory({ count: id }))} />}
          <FormerCounts />
        </>
      )}
    </Page>
  );
}

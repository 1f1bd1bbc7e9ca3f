import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { Page } from '@/components/Page';
import { graphql } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';
import { Hook } from './Hook';
import { HookForm } from './HookForm';
import classes from './Webhooks.module.css';

const WebhooksDocument = graphql(`
  query Webhooks {
    webhooks {
      id
      ...Hook
    }
  }
`);

/** How often it is asked how the webhooks do. */
const interval = 5000;

/** Where events are sent to, how that goes, and what could not be delivered. */
export function WebhooksPage() {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const [{ data, error, fetching }, refresh] = useQuery({
    query: WebhooksDocument,
    requestPolicy: 'cache-and-network',
  });
  useEffect(() => {
    if (fetching) return;
    const timer = setTimeout(() => refresh({ requestPolicy: 'network-only' }), interval);
    return () => clearTimeout(timer);
  }, [fetching, refresh]);
  const hooks = data?.webhooks ?? [];
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t('webhooks.add')}
    </Button>
  );
  return (
    <Page title={t('webhooks.title')}>
      <p className={classes.explained}>{t('webhooks.explained')}</p>
      {error && <FailureNotice failure={failureOf(error)} retry={() => refresh()} />}
      {!data && !error && <SkeletonRows rows={3} />}
      {data && hooks.length === 0 && (
        <EmptyState title={t('webhooks.none')} explanation={t('webhooks.noneExplained')} action={add} />
      )}
      {hooks.length > 0 && (
        <>
          <div className={classes.bar}>{add}</div>
          <ul className={classes.list}>
            {hooks.map((hook) => (
              <Hook key={hook.id} hook={hook} />
            ))}
          </ul>
        </>
      )}
      {adding && <HookForm hook={null} close={() => setAdding(false)} />}
    </Page>
  );
}

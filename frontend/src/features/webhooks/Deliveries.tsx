import { Button, SegmentedControl } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { graphql } from '@/gql';
import type { WebhookDeliveryState } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { Delivery } from './Delivery';
import classes from './Webhooks.module.css';

const DeliveriesDocument = graphql(`
  query WebhookDeliveries($webhook: ID!, $states: [WebhookDeliveryState!], $after: Cursor) {
    webhookDeliveries(webhook: $webhook, states: $states, first: 20, after: $after) {
      edges {
        node {
          ...Delivery
          seq
          state
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const views = { all: null, failed: ['RETRIED', 'GIVEN_UP', 'QUEUED'] } as const;
type View = keyof typeof views;

/** How often it is asked how those do that are under way. */
const interval = 2000;

interface DeliveriesProps {
  id: string;
  name: string;
  active: boolean;
}

/** What was sent to a webhook, a page at a time. */
export function Deliveries({ id, name, active }: DeliveriesProps) {
  const { t } = useTranslation();
  const [view, setView] = useState<View>('all');
  const [after, setAfter] = useState<string | null>(null);
  const states = views[view] as WebhookDeliveryState[] | null;
  const [{ data, error, fetching }, refresh] = useQuery({
    query: DeliveriesDocument,
    variables: { webhook: id, states, after },
    requestPolicy: 'cache-and-network',
  });
  const list = data?.webhookDeliveries.edges.map(({ node }) => node) ?? [];
  const info = data?.webhookDeliveries.pageInfo;
  const renew = () => refresh({ requestPolicy: 'network-only' });
  const underWay = list.some(({ state }) => state === 'RETRIED' || state === 'QUEUED');
  useEffect(() => {
    if (!underWay || fetching) return;
    const timer = setTimeout(() => refresh({ requestPolicy: 'network-only' }), interval);
    return () => clearTimeout(timer);
  }, [underWay, fetching, refresh]);

  return (
    <section className={classes.deliveries} aria-label={t('webhooks.deliveriesOf', { name })}>
      <div className={classes.actions}>
        <SegmentedControl
          size="xs"
          aria-label={t('webhooks.show')}
          value={view}
          onChange={(value) => {
            setView(value as View);
            setAfter(null);
          }}
          data={[
            { value: 'all', label: t('webhooks.all') },
            { value: 'failed', label: t('webhooks.failed') },
          ]}
        />
        <Button variant="subtle" size="compact-sm" onClick={renew} leftSection={<IconRefresh size={15} />}>
          {t('webhooks.refresh')}
        </Button>
      </div>
      {error && <FailureNotice failure={failureOf(error)} retry={renew} />}
      {!data && !error && <SkeletonRows rows={3} />}
      {data && list.length === 0 && <p className={classes.muted}>{t('webhooks.noDeliveries')}</p>}
      <ul className={classes.rows}>
        {list.map((node) => (
          <Delivery key={node.seq} hook={id} delivery={node} active={active} sent={renew} />
        ))}
      </ul>
      <div className={classes.actions}>
        {after !== null && (
          <Button variant="default" size="compact-sm" onClick={() => setAfter(null)}>
            {t('webhooks.newest')}
          </Button>
        )}
        {info?.hasNextPage && (
          <Button variant="default" size="compact-sm" onClick={() => setAfter(info.endCursor ?? null)}>
            {t('webhooks.older')}
          </Button>
        )}
      </div>
    </section>
  );
}

import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { unmask } from '@/gql';
import type { RingsQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { useCan } from '@/lib/session/session';
import { KeyRingRowFragmentDocument, type Ring, RingsDocument } from './documents';
import classes from './Groups.module.css';
import { RingForm } from './RingForm';

const endOf = (data: RingsQuery) => data.keyRings.pageInfo;

/** Keys that hang on one ring and move together. */
export function Rings() {
  const { t } = useTranslation();
  const mayManage = useCan('KEYS_MANAGE');
  const [edited, setEdited] = useState<Ring | 'new' | null>(null);
  const pages = usePages(RingsDocument, { first: 50 }, endOf);
  const rings = pages.pages.flatMap((page) =>
    page.keyRings.edges.map(({ node }) => unmask(KeyRingRowFragmentDocument, node)),
  );
  return (
    <section aria-labelledby="rings">
      <div className={classes.head}>
        <h2 id="rings">{t('groups.rings')}</h2>
        {mayManage && (
          <Button variant="default" size="xs" onClick={() => setEdited('new')}>
            {t('groups.addRing')}
          </Button>
        )}
      </div>
      {pages.error && <FailureNotice failure={failureOf(pages.error)} retry={pages.refresh} />}
      {pages.pages.length > 0 && rings.length === 0 && <p className={classes.hint}>{t('groups.noRings')}</p>}
      {rings.length > 0 && (
        <ul className={classes.list}>
          {rings.map((ring) => (
            <li key={ring.id} className={classes.row}>
              <div>
                <strong>{ring.name}</strong>
                <p className={classes.hint}>{ring.keys.map(({ number }) => number).join(', ')}</p>
              </div>
              {mayManage && (
                <Button
                  variant="default"
                  size="xs"
                  onClick={() => setEdited(ring)}
                  aria-label={t('groups.editRing', { name: ring.name })}
                >
                  {t('keys.edit')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {pages.hasMore && (
        <Button variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
      {edited && <RingForm ring={edited === 'new' ? null : edited} close={() => setEdited(null)} />}
    </section>
  );
}

import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { useFormats } from '@/lib/session/clock';
import { ArchivedRow } from './ArchivedRow';
import { ArchiveSearchForm } from './ArchiveSearchForm';
import classes from './Keeping.module.css';
import { Section } from './Section';
import { useArchiveSearch } from './useArchiveSearch';

/** What was deleted is still found here, by whoever might have seen it in the log. */
export function ArchiveSearch() {
  const { t } = useTranslation();
  const search = useArchiveSearch();
  return (
    <Section
      title={t('keeping.search')}
      explained={t('keeping.searchExplained')}
      loaded
      failure={null}
      retry={() => {}}
    >
      <ArchiveSearchForm busy={search.busy} search={search.begin} />
      {search.failure && <FailureNotice failure={search.failure} />}
      <Results search={search} />
    </Section>
  );
}

function Results({ search }: { search: ReturnType<typeof useArchiveSearch> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const told = useRef<HTMLParagraphElement>(null);
  const further = useRef(false);
  const { busy, hasMore } = search;
  useEffect(() => {
    if (busy || !further.current) return;
    further.current = false;
    if (!hasMore) told.current?.focus(); // the button that had the focus is gone
  }, [busy, hasMore]);
  const day = (at: string) => formats.day(formats.dateOf(at));
  const count = search.found.length;
  return (
    <>
      <p ref={told} tabIndex={-1} aria-live="polite" className={classes.muted}>
        {search.busy && t('keeping.searching')}{' '}
        {search.done && (
          <>
            {t('keeping.searchFound', { count, shown: formats.number(count) })}{' '}
            {t('keeping.searchRead', { count: search.read })}{' '}
            {search.backTo
              ? t('keeping.searchLeft', { count: search.left, at: day(search.backTo) })
              : t(search.damaged.length > 0 ? 'keeping.searchAllButDamaged' : 'keeping.searchWhole')}
          </>
        )}
      </p>
      {search.damaged.map((archive) => (
        <p key={archive.id} className={classes.state} data-damaged role="alert">
          {t('keeping.searchDamaged', {
            from: day(archive.oldest),
            to: day(archive.newest),
            damage: archive.damage,
          })}
        </p>
      ))}
      {search.done && count === 0 && !search.busy && (
        <EmptyState title={t(hasMore ? 'keeping.searchNothingSoFar' : 'keeping.searchNothing')} />
      )}
      {count > 0 && (
        <ul className={classes.list} aria-label={t('keeping.searchResults')}>
          {search.found.map((found) => (
            <ArchivedRow key={found.cursor} found={found} />
          ))}
        </ul>
      )}
      {hasMore && (
        <Button
          variant="default"
          loading={busy}
          onClick={() => {
            further.current = true;
            search.further();
          }}
        >
          {t('keeping.searchFurther')}
        </Button>
      )}
    </>
  );
}

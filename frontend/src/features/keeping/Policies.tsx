import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { graphql } from '@/gql';
import type { RetentionPoliciesQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { useFormats } from '@/lib/session/clock';
import classes from './Keeping.module.css';
import { PolicyDialog } from './PolicyDialog';
import { Section } from './Section';

const PoliciesDocument = graphql(`
  query RetentionPolicies {
    retentionPolicies {
      stream
      source
      entityType
      keepDays
      maxEntries
      maxBytes
    }
  }
`);

export type Policy = RetentionPoliciesQuery['retentionPolicies'][number];

export const bytesOfMiB = 1024 * 1024;

/** How long each stream is kept, in words. */
export function Policies() {
  const { t } = useTranslation();
  const [{ data, error }, refresh] = useQuery({ query: PoliciesDocument });
  const [changing, setChanging] = useState<Policy | 'new' | null>(null);
  const words = usePolicyWords();
  const list = data?.retentionPolicies ?? [];
  return (
    <Section
      title={t('keeping.policies')}
      explained={t('keeping.policiesExplained')}
      aside={
        <Button variant="light" leftSection={<IconPlus size={16} />} onClick={() => setChanging('new')}>
          {t('keeping.addPolicy')}
        </Button>
      }
      loaded={Boolean(data)}
      failure={error ? failureOf(error) : null}
      retry={refresh}
    >
      <ul className={classes.list}>
        {list.map((policy) => (
          <li key={`${policy.stream} ${policy.source} ${policy.entityType}`} className={classes.row}>
            <span className={classes.what}>{words.of(policy)}</span>
            <span className={classes.grow}>{words.kept(policy)}</span>
            <Button
              variant="subtle"
              size="compact-sm"
              onClick={() => setChanging(policy)}
              aria-label={t('keeping.changeNamed', { what: words.of(policy) })}
            >
              {t('keeping.change')}
            </Button>
          </li>
        ))}
      </ul>
      {changing && (
        <PolicyDialog policy={changing === 'new' ? null : changing} close={() => setChanging(null)} />
      )}
    </Section>
  );
}

/** Says whom a policy is for and what it means. */
function usePolicyWords() {
  const { t } = useTranslation();
  const formats = useFormats();
  return {
    of: ({ stream, source, entityType }: Policy) =>
      [
        t(`timeline.stream.${stream}`),
        source && t('keeping.ofSource', { source }),
        entityType && t('keeping.ofType', { type: entityType }),
      ]
        .filter(Boolean)
        .join(', '),
    kept: ({ keepDays, maxEntries, maxBytes }: Policy) =>
      [
        keepDays == null ? t('keeping.forGood') : t('keeping.days', { count: keepDays }),
        maxEntries && t('keeping.atMostEntries', { number: formats.number(Number(maxEntries)) }),
        maxBytes && t('keeping.atMostMiB', { number: formats.number(Number(maxBytes) / bytesOfMiB) }),
      ]
        .filter(Boolean)
        .join('; '),
  };
}

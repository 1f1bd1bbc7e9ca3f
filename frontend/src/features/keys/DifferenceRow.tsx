import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import type { DifferenceFragment as Difference, DifferenceResolution } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { paths } from '@/lib/paths';
import { useCan } from '@/lib/session/session';
import { newId } from '@/lib/uuid';
import classes from './Inventory.module.css';

export const DifferenceFragment = graphql(`
  fragment Difference on InventoryDifference {
    id
    number
    kind
    resolution
    resolvedAt
    resolvedBy {
      id
      name
    }
    key {
      id
      label
      cabinet
      loan {
        id
        holder {
          id
          name
        }
      }
    }
  }
`);

const ResolveDifferenceDocument = graphql(`
  mutation ResolveDifference($input: ResolveDifferenceInput!) {
    resolveDifference(input: $input) {
      difference {
        id
        ...Difference
        key {
          id
          ...KeyLive
        }
      }
      entries {
        id
        ...Movement
      }
    }
  }
`);

interface DifferenceRowProps {
  difference: Difference;
  resolutions: DifferenceResolution[];
  settled(): void;
}

/** One key that is not where it is thought to be, with one click to settle it. */
export function DifferenceRow({ difference, resolutions, settled }: DifferenceRowProps) {
  const { t } = useTranslation();
  const mayIssue = useCan('KEYS_ISSUE');
  const [idempotencyKey] = useState(newId);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, resolve] = useMutation(ResolveDifferenceDocument);
  const { id, number, key, resolution, resolvedBy } = difference;

  const settle = async (chosen: DifferenceResolution) => {
    if (fetching) return;
    setFailure(null);
    const input = { difference: id, resolution: chosen, idempotencyKey: `${idempotencyKey}-${chosen}` };
    const { error } = await resolve({ input });
    if (error) return setFailure(failureOf(error));
    settled();
  };
  const about = [key?.label, key?.cabinet, key?.loan?.holder.name].filter(Boolean).join(' · ');
  return (
    <li className={classes.difference}>
      <span className={classes.what}>
        {key ? <Link {...paths.key(key.id)}>{number}</Link> : <b>{number}</b>}
        <span>{about}</span>
      </span>
      {resolution && (
        <span className={classes.settled}>
          {t(`inventory.resolved.${resolution}`)}
          {resolvedBy && ` · ${resolvedBy.name}`}
        </span>
      )}
      {!resolution && mayIssue && (
        <span className={classes.buttons}>
          {resolutions.map((each) => {
            const action = t(`inventory.resolve.${each}`);
            return (
              <Button
                key={each}
                data-resolve={each}
                size="xs"
                variant={each === 'IGNORED' ? 'default' : 'light'}
                onClick={() => settle(each)}
                aria-label={t('inventory.resolveOf', { action, number })}
              >
                {action}
              </Button>
            );
          })}
        </span>
      )}
      {failure && <FailureNotice failure={failure} />}
    </li>
  );
}

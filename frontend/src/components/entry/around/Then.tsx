import { Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type CombinedError, useQuery } from 'urql';
import type { Permission } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { paths } from '@/lib/paths';
import { useFormats } from '@/lib/session/clock';
import { Instant } from '../../Instant';
import type { EntryTarget } from '../EntryDrawer';
import { Field, Fields } from '../fields';
import classes from './Around.module.css';
import { KeysThenDocument, SignInsThenDocument, WorkThenDocument } from './aroundQuery';
import { justAfter, lastSaid, spanAt } from './then';

interface MomentProps {
  person: { id: string; name: string };
  at: string;
}

interface ThenProps extends MomentProps {
  permissions: ReadonlySet<Permission>;
  open(target: EntryTarget): void;
}

/** How things stood with somebody at that time, across streams; what the reader may not see is not asked for. */
export function Then({ person, at, permissions, open }: ThenProps) {
  const { t } = useTranslation();
  return (
    <section>
      <h3>{t('around.then', { name: person.name })}</h3>
      <Fields>
        {permissions.has('KEYS_VIEW') && <KeysThen person={person} at={at} />}
        {permissions.has('LOGS_AUTH_VIEW') && <SignedInThen person={person} at={at} open={open} />}
        {permissions.has('LOGS_WORK_VIEW') && <AtWorkThen person={person} at={at} />}
      </Fields>
    </section>
  );
}

function KeysThen({ person, at }: MomentProps) {
  const { t } = useTranslation();
  const [{ data, error }] = useQuery({ query: KeysThenDocument, variables: { holder: person.id, at } });
  return (
    <Answer name={t('around.keys')} error={error} waits={!data}>
      {data?.loans.edges.length === 0 && t('around.noKeys')}
      {data?.loans.edges.map(({ node }, index) => (
        <span key={node.id}>
          {index > 0 && ', '}
          <Link {...paths.key(node.key.id)} title={node.key.label}>
            {node.key.number}
          </Link>
        </span>
      ))}
      {data?.loans.pageInfo.hasNextPage && ' …'}
    </Answer>
  );
}

function SignedInThen({ person, at, open }: MomentProps & Pick<ThenProps, 'open'>) {
  const { t } = useTranslation();
  const [{ data, error }] = useQuery({
    query: SignInsThenDocument,
    variables: { person: person.id, before: justAfter(at) },
  });
  const last = lastSaid((data?.authLog.edges ?? []).map(({ node }) => node));
  return (
    <Answer name={t('around.signIn')} error={error} waits={!data}>
      {last ? (
        <button
          type="button"
          className={classes.plain}
          onClick={() => open({ kind: 'AuthEntry', seq: last.entry.seq })}
        >
          {t(last.signedIn ? 'around.signedIn' : 'around.signedOut')} <Instant at={last.entry.occurredAt} />
        </button>
      ) : (
        t('around.noSignIn')
      )}
      {last && [last.entry.device, last.entry.location].some(Boolean) && (
        <span className={classes.none}>
          {' '}
          {[last.entry.device, last.entry.location].filter(Boolean).join(' · ')}
        </span>
      )}
    </Answer>
  );
}

function AtWorkThen({ person, at }: MomentProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [{ data, error }] = useQuery({
    query: WorkThenDocument,
    variables: { person: person.id, date: formats.dateOf(at) },
  });
  const spans = data?.workDays.edges.flatMap(({ node }) => node.spans) ?? [];
  const span = spanAt(spans, at);
  return (
    <Answer name={t('around.work')} error={error} waits={!data}>
      {span
        ? t(span.estimated ? 'around.atWorkEstimated' : 'around.atWork', {
            from: formats.time(span.from),
            to: formats.time(span.to),
          })
        : t('around.notAtWork')}
    </Answer>
  );
}

interface AnswerProps {
  name: string;
  error: CombinedError | undefined;
  waits: boolean;
  children: ReactNode;
}

/** One answer of several, each of which may be missing by itself. */
function Answer({ name, error, waits, children }: AnswerProps) {
  const { t } = useTranslation();
  if (error) return <Field name={name}>{t(`failure.${failureOf(error).code}.title`)}</Field>;
  return <Field name={name}>{waits ? <Skeleton height={16} width={120} /> : children}</Field>;
}

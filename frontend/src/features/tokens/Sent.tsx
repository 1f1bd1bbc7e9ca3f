import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { graphql } from '@/gql';
import { paths } from '@/lib/paths';
import { useFormats } from '@/lib/session/clock';
import { useCan } from '@/lib/session/session';
import classes from './Tokens.module.css';

const SentDocument = graphql(`
  query SentBySource($source: String!) {
    sourceStatus(source: $source, days: 30) {
      source
      recorded
      refused
    }
  }
`);

/** What activity a program sent within the last 30 days, and how much of it was refused, for whoever may see activity. */
export function Sent({ source }: { source: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const allowed = useCan('LOGS_ACTIONS_VIEW');
  const [{ data }] = useQuery({
    query: SentDocument,
    variables: { source },
    pause: !allowed,
    requestPolicy: 'cache-and-network',
  });
  const status = data?.sourceStatus;
  if (!status || (status.recorded === '0' && status.refused === '0')) return null;
  const [recorded, refused] = [Number(status.recorded), Number(status.refused)];
  return (
    <>
      <span className={classes.under}>
        <Link {...paths.timeline({ source })}>
          {t('tokens.sent', { count: recorded, shown: formats.number(recorded) })}
        </Link>
      </span>
      {refused > 0 && (
        <span className={classes.refused}>{t('tokens.refused', { shown: formats.number(refused) })}</span>
      )}
    </>
  );
}

import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { graphql } from '@/gql';
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

/** What a program sent within the last 30 days, and how much of it was refused, for whoever may see activity. */
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
  if (!status) return null;
  const refused = Number(status.refused);
  return (
    <>
      <span className={classes.under}>
        {t('tokens.sent', { shown: formats.number(Number(status.recorded)) })}
      </span>
      {refused > 0 && (
        <span className={classes.refused}>{t('tokens.refused', { shown: formats.number(refused) })}</span>
      )}
    </>
  );
}

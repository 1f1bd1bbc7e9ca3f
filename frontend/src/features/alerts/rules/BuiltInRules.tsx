import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { useAlertChanges } from '@/components/alerts/AlertFeed';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { graphql, unmask } from '@/gql';
import { useEvery } from '@/lib/every';
import { failureOf } from '@/lib/graphql/failure';
import { useCan } from '@/lib/session/session';
import { muteLookedAtAgain } from '../MutedNotice';
import { BuiltInRuleFragment, BuiltInRuleRow } from './BuiltInRuleRow';
import classes from './Rules.module.css';

const BuiltInAlertRulesDocument = graphql(`
  query BuiltInAlertRules {
    builtInAlertRules {
      ...BuiltInRule
    }
  }
`);

/** What keytrail looks for by itself, and what of it is muted. */
export function BuiltInRules({ mayManage }: { mayManage: boolean }) {
  const { t } = useTranslation();
  const may = useCan('ALERTS_VIEW');
  const [{ data, error }, ask] = useQuery({ query: BuiltInAlertRulesDocument });
  const refresh = () => ask({ requestPolicy: 'network-only' });
  useAlertChanges(refresh);
  useEvery(muteLookedAtAgain, () => may && refresh()); // each refusal is recorded
  return (
    <section aria-labelledby="built-in-rules">
      <h2 id="built-in-rules" className={classes.section}>
        {t('alertRules.builtIn')}
      </h2>
      <p className={classes.explained}>{t('alertRules.builtInExplained')}</p>
      {error && <FailureNotice failure={failureOf(error)} retry={refresh} />}
      {!data && !error && <SkeletonRows rows={8} />}
      <ul className={classes.list} aria-labelledby="built-in-rules">
        {data?.builtInAlertRules
          .map((rule) => unmask(BuiltInRuleFragment, rule))
          .map((rule) => (
            <BuiltInRuleRow key={rule.rule} rule={rule} mayManage={mayManage} refresh={refresh} />
          ))}
      </ul>
    </section>
  );
}

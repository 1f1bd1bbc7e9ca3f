import { Button, Skeleton } from '@mantine/core';
import { IconShieldCheck, IconShieldOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';
import { EnrolDialog } from './EnrolDialog';
import { type ProofPurpose, ProveDialog } from './ProveDialog';
import classes from './Security.module.css';

const SecondFactorDocument = graphql(`
  query SecondFactor {
    viewer {
      secondFactor {
        addedAt
        recoveryCodesLeft
      }
    }
  }
`);

/** Below so many recovery codes new ones are worth making. */
const few = 3;

/** Whether a second factor is on, and what can be done about it. */
export function SecondFactorSection() {
  const { t } = useTranslation();
  const [{ data, error }, ask] = useQuery({
    query: SecondFactorDocument,
    requestPolicy: 'cache-and-network',
  });
  const [enrolling, setEnrolling] = useState(false);
  const [proving, setProving] = useState<ProofPurpose | null>(null);
  const again = () => ask({ requestPolicy: 'network-only' });
  const factor = data?.viewer?.secondFactor;

  return (
    <section className={classes.section} aria-labelledby="second-factor">
      <h2 id="second-factor">{t('security.secondFactor')}</h2>
      <p className={classes.explained}>{t('security.explained')}</p>
      {error && <FailureNotice failure={failureOf(error)} retry={again} />}
      {!data && !error && <Skeleton height={36} />}
      {data && !factor && (
        <>
          <p className={classes.state}>
            <IconShieldOff size={18} aria-hidden="true" />
            {t('security.off')}
          </p>
          <Button onClick={() => setEnrolling(true)}>{t('security.add')}</Button>
        </>
      )}
      {factor && (
        <>
          <p className={classes.state} data-on>
            <IconShieldCheck size={18} aria-hidden="true" />
            <span>
              {t('security.on')} <Instant at={factor.addedAt} />
            </span>
          </p>
          <p className={factor.recoveryCodesLeft < few ? classes.warning : classes.explained}>
            {t('security.codesLeft', { count: factor.recoveryCodesLeft })}
          </p>
          <div className={classes.actions}>
            <Button variant="light" onClick={() => setProving('regenerate')}>
              {t('security.regenerate')}
            </Button>
            <Button variant="light" color="red" onClick={() => setProving('remove')}>
              {t('security.remove')}
            </Button>
          </div>
        </>
      )}
      <EnrolDialog opened={enrolling} close={() => setEnrolling(false)} added={again} />
      <ProveDialog purpose={proving} close={() => setProving(null)} done={again} />
    </section>
  );
}

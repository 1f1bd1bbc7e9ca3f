import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import type { KeptDataQuery } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import classes from './MyData.module.css';

const RecordConsentDocument = graphql(`
  mutation RecordConsent($input: RecordConsentInput!) {
    recordConsent(input: $input) {
      consent {
        id
      }
    }
  }
`);

type Kept = KeptDataQuery['keptData'];

interface PurposesProps extends Pick<Kept, 'purposes' | 'consents'> {
  changed(): void;
}

/** For what keytrail keeps data, and where the reader may say yes or no. */
export function Purposes({ purposes, consents, changed }: PurposesProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, record] = useMutation(RecordConsentDocument);
  const decide = async ({ code, version }: Kept['purposes'][number], given: boolean) => {
    setFailure(null);
    const answer = await record({ input: { purpose: code, version, given } });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t(given ? 'myData.given' : 'myData.withdrawn'));
    changed();
  };
  return (
    <section className={classes.section} aria-labelledby="my-purposes">
      <h2 id="my-purposes">{t('myData.why')}</h2>
      <p>{t('myData.whyExplained')}</p>
      {failure && <FailureNotice failure={failure} />}
      <ul className={classes.list}>
        {purposes.map((purpose) => {
          const name = t(`myData.purposes.${purpose.code as 'key_custody'}.title`);
          const consent = consents.find((one) => one.purpose === purpose.code);
          const given = consent?.given === true && consent.version === purpose.version;
          return (
            <li key={purpose.code} className={classes.purpose}>
              <div>
                <strong>{name}</strong>
                {(purpose.code !== 'work_hours' || !purpose.statement) && (
                  <p>{t(`myData.purposes.${purpose.code as 'key_custody'}.text`)}</p>
                )}
                {purpose.statement?.split('\n').map((line) => (
                  <p key={line}>{line}</p>
                ))}
                <span>
                  {t(`myData.bases.${purpose.basis}`)}
                  {purpose.basis === 'CONSENT' && consent && (
                    <>
                      {' · '}
                      {t(given ? 'myData.youAgreed' : 'myData.youWithdrew')}{' '}
                      <Instant at={consent.recordedAt} />
                    </>
                  )}
                </span>
              </div>
              {purpose.basis === 'CONSENT' && (
                <Button
                  size="sm"
                  variant="default"
                  disabled={fetching}
                  onClick={() => void decide(purpose, !given)}
                  aria-label={t(given ? 'myData.withdrawWhat' : 'myData.agreeWhat', { name })}
                >
                  {t(given ? 'myData.withdraw' : 'myData.agree')}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { Page } from '@/components/Page';
import { graphql } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';
import { files } from '@/lib/paths';
import { useSession } from '@/lib/session/session';
import { ConsentHistory } from './ConsentHistory';
import { KeptTable } from './KeptTable';
import classes from './MyData.module.css';
import { Purposes } from './Purposes';

const KeptDataDocument = graphql(`
  query KeptData {
    keptData {
      kinds {
        kind
        count
        atLeast
        from
        to
        purpose
      }
      purposes {
        code
        basis
        version
        statement
      }
      consents {
        id
        purpose
        version
        given
        recordedAt
      }
    }
  }
`);

/** What is kept about the reader: where, since when and for what, with his consents and all of it as files. */
export function MyDataPage() {
  const { t, i18n } = useTranslation();
  const { person } = useSession();
  const [{ data, error }, again] = useQuery({ query: KeptDataDocument, requestPolicy: 'cache-and-network' });
  const refresh = () => again({ requestPolicy: 'network-only' });
  const kept = data?.keptData;
  return (
    <Page title={t('myData.title')}>
      {error && <FailureNotice failure={failureOf(error)} retry={refresh} />}
      {!kept && !error && <SkeletonRows rows={8} />}
      {kept && (
        <>
          <section className={classes.section} aria-labelledby="my-kept">
            <h2 id="my-kept">{t('myData.kept')}</h2>
            <p>{t('myData.keptExplained')}</p>
            <KeptTable kinds={kept.kinds} />
            <div className={classes.buttons}>
              <Button component="a" href={files.person(person.id)} download>
                {t('myData.zip')}
              </Button>
              <Button
                component="a"
                variant="default"
                href={files.personPrint(person.id, i18n.language)}
                target="_blank"
                rel="noopener"
              >
                {t('myData.pdf')}
              </Button>
            </div>
          </section>
          <Purposes purposes={kept.purposes} consents={kept.consents} changed={refresh} />
          <ConsentHistory newest={kept.consents[0]?.id ?? null} />
        </>
      )}
    </Page>
  );
}

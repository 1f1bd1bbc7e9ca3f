import { Button, FileButton } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import type { ImportPeopleMutation } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { newId } from '@/lib/uuid';
import classes from './ImportDialog.module.css';
import { ImportRows } from './ImportRows';

const ImportPeopleDocument = graphql(`
  mutation ImportPeople($input: ImportPeopleInput!) {
    importPeople(input: $input) {
      created
      updated
      unchanged
      wrong
      done
      rows {
        ...ImportRow
      }
    }
  }
`);

type Plan = ImportPeopleMutation['importPeople'];

/** Adds and changes people from a file, after showing what would become of each line. */
export function ImportDialog({ close, imported }: { close(): void; imported(): void }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [idempotencyKey, setIdempotencyKey] = useState(newId);
  const [csv, setCsv] = useState('');
  const [fileName, setFileName] = useState('');
  const [plan, setPlan] = useState<Plan | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, send] = useMutation(ImportPeopleDocument);

  const ask = async (text: string, preview: boolean) => {
    setFailure(null);
    const answer = await send({ input: { csv: text, preview, ...(preview ? {} : { idempotencyKey }) } });
    if (answer.error) return setFailure(failureOf(answer.error));
    const result = answer.data?.importPeople ?? null;
    setPlan(result);
    if (!result?.done) return;
    announce(t('people.import.done', { created: result.created, updated: result.updated }));
    imported();
    close();
  };
  const choose = async (file: File | null) => {
    if (!file) return;
    const text = await file.text();
    setCsv(text);
    setFileName(file.name);
    setPlan(null);
    setIdempotencyKey(newId());
    await ask(text, true);
  };
  const changes = plan ? plan.created + plan.updated : 0;

  return (
    <Dialog opened close={close} title={t('people.import.title')} size={820}>
      <p className={classes.explained}>{t('people.import.explained')}</p>
      <div className={classes.file}>
        <FileButton onChange={choose} accept=".csv,text/csv,text/plain">
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconFileUpload size={16} />} data-autofocus>
              {t('people.import.choose')}
            </Button>
          )}
        </FileButton>
        <span>{fileName}</span>
      </div>
      {failure && <FailureNotice failure={failure} />}
      {plan && (
        <>
          <p className={classes.summary} role="status">
            {t('people.import.summary', {
              created: plan.created,
              updated: plan.updated,
              unchanged: plan.unchanged,
              wrong: plan.wrong,
            })}
          </p>
          <ImportRows rows={plan.rows} />
          {plan.wrong > 0 && <p className={classes.wrong}>{t('people.import.wrongExplained')}</p>}
        </>
      )}
      <div className={classes.buttons}>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button
          disabled={!plan || plan.wrong > 0 || changes === 0}
          loading={fetching}
          onClick={() => ask(csv, false)}
        >
          {t('people.import.carryOut', { count: changes })}
        </Button>
      </div>
    </Dialog>
  );
}

import { Button, FileButton } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import type { Failure } from '@/lib/graphql/failure';
import { newId } from '@/lib/uuid';
import classes from './ImportDialog.module.css';
import { type ImportedRow, ImportRows } from './ImportRows';

/** What would become of a file, or what became of it. */
export interface ImportPlan {
  created: number;
  updated: number;
  unchanged: number;
  wrong: number;
  done: boolean;
  rows: ImportedRow[];
}

/** What is asked of the server; only what is carried out has an idempotency key. */
export interface ImportInput {
  csv: string;
  preview: boolean;
  idempotencyKey?: string;
}

interface ImportDialogProps {
  /** What is imported, as the texts name it. */
  what: 'people' | 'keys';
  send(input: ImportInput): Promise<{ plan: ImportPlan | null; failure: Failure | null }>;
  /** What the rows are called by. */
  nameHeading: string;
  fieldName(field: string): string;
  close(): void;
  imported(): void;
}

/** Adds and changes what a file holds, after showing what would become of each line. */
export function ImportDialog({ what, send, nameHeading, fieldName, close, imported }: ImportDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [idempotencyKey, setIdempotencyKey] = useState(newId);
  const [csv, setCsv] = useState('');
  const [fileName, setFileName] = useState('');
  const [plan, setPlan] = useState<ImportPlan | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [asking, setAsking] = useState(false);

  const ask = async (text: string, preview: boolean) => {
    setFailure(null);
    setAsking(true);
    const answer = await send({ csv: text, preview, ...(preview ? {} : { idempotencyKey }) });
    setAsking(false);
    if (answer.failure) return setFailure(answer.failure);
    setPlan(answer.plan);
    if (!answer.plan?.done) return;
    const { created, updated } = answer.plan;
    announce(t(`${what}.import.done`, { created, updated }));
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
    <Dialog opened close={close} title={t(`${what}.import.title`)} size={820}>
      <p className={classes.explained}>{t(`${what}.import.explained`)}</p>
      <div className={classes.file}>
        <FileButton onChange={choose} accept=".csv,text/csv,text/plain">
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconFileUpload size={16} />} data-autofocus>
              {t('importing.choose')}
            </Button>
          )}
        </FileButton>
        <span>{fileName}</span>
      </div>
      {failure && <FailureNotice failure={failure} />}
      {plan && (
        <>
          <p className={classes.summary} role="status">
            {t(`${what}.import.summary`, {
              created: plan.created,
              updated: plan.updated,
              unchanged: plan.unchanged,
              wrong: plan.wrong,
            })}
          </p>
          <ImportRows what={what} rows={plan.rows} nameHeading={nameHeading} fieldName={fieldName} />
          {plan.wrong > 0 && <p className={classes.wrong}>{t('importing.wrongExplained')}</p>}
        </>
      )}
      <div className={classes.buttons}>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button
          disabled={!plan || plan.wrong > 0 || changes === 0}
          loading={asking}
          onClick={() => ask(csv, false)}
        >
          {t(`${what}.import.carryOut`, { count: changes })}
        </Button>
      </div>
    </Dialog>
  );
}

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

/** A file as it is sent: its text, or a workbook in base64. */
export type ImportFile = { csv: string } | { xlsx: string };

/** What is asked of the server; only what is carried out has an idempotency key. */
export interface ImportInput {
  file: ImportFile;
  preview: boolean;
  idempotencyKey?: string;
}

interface ImportDialogProps {
  /** What is imported, as the texts name it. */
  what: 'people' | 'keys';
  /** Takes workbooks (XLSX), too. */
  workbooks?: boolean;
  send(input: ImportInput): Promise<{ plan: ImportPlan | null; failure: Failure | null }>;
  /** What the rows are called by. */
  nameHeading: string;
  fieldName(field: string): string;
  close(): void;
  imported(): void;
}

const texts = '.csv,text/csv,text/plain';
const workbook = '.xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Reads a workbook as base64, and anything else as text. */
async function readFile(file: File, workbooks: boolean): Promise<ImportFile> {
  if (!workbooks || !file.name.toLowerCase().endsWith('.xlsx')) return { csv: await file.text() };
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 32_768)
    binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return { xlsx: btoa(binary) };
}

/** Adds and changes what a file holds, after showing what would become of each line. */
export function ImportDialog({
  what,
  workbooks = false,
  send,
  nameHeading,
  fieldName,
  close,
  imported,
}: ImportDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [idempotencyKey, setIdempotencyKey] = useState(newId);
  const [sent, setSent] = useState<ImportFile>({ csv: '' });
  const [fileName, setFileName] = useState('');
  const [plan, setPlan] = useState<ImportPlan | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [asking, setAsking] = useState(false);

  const ask = async (file: ImportFile, preview: boolean) => {
    setFailure(null);
    setAsking(true);
    const answer = await send({ file, preview, ...(preview ? {} : { idempotencyKey }) });
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
    const read = await readFile(file, workbooks);
    setSent(read);
    setFileName(file.name);
    setPlan(null);
    setIdempotencyKey(newId());
    await ask(read, true);
  };
  const changes = plan ? plan.created + plan.updated : 0;

  return (
    <Dialog opened close={close} title={t(`${what}.import.title`)} size={820}>
      <p className={classes.explained}>{t(`${what}.import.explained`)}</p>
      <div className={classes.file}>
        <FileButton onChange={choose} accept={workbooks ? `${texts},${workbook}` : texts}>
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
          onClick={() => ask(sent, false)}
        >
          {t(`${what}.import.carryOut`, { count: changes })}
        </Button>
      </div>
    </Dialog>
  );
}

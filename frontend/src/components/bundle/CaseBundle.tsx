import { Button, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import type { LogFilter } from '@/gql/graphql';
import type { Failure } from '@/lib/graphql/failure';
import { files, paths } from '@/lib/paths';
import classes from './CaseBundle.module.css';
import { takeBundle } from './takeBundle';

interface CaseBundleProps {
  /** The entries of a filter; without one, entries are named by number in the dialog. */
  filter?: LogFilter;
  close(): void;
}

const commands = [
  'unzip case-bundle.zip -d case',
  "bash case/verify.sh 'example.org/log+1234abcd+AbCd…'",
].join('\n');

/** Takes out the entries of one case together with what proves them to somebody outside. */
export function CaseBundle({ filter, close }: CaseBundleProps) {
  const { t, i18n } = useTranslation();
  const announce = useAnnounce();
  const [entries, setEntries] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const numbers = entries.split(/[\s,;]+/).filter(Boolean);
  const wrong = !filter && (numbers.length === 0 || numbers.some((number) => !/^\d{1,15}$/.test(number)));

  const take = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (busy || wrong) return;
    setFailure(null);
    setBusy(true);
    const failed = await takeBundle(files.caseBundle(filter ?? { entries: numbers }), i18n.language);
    setBusy(false);
    if (failed) return setFailure(failed);
    announce(t('caseBundle.taken'));
    close();
  };
  return (
    <Dialog opened close={close} title={t('caseBundle.title')} size={620}>
      <form className={classes.form} onSubmit={take} noValidate>
        <p>{t('caseBundle.explained')}</p>
        {filter ? (
          <p>{t('caseBundle.ofFilter')}</p>
        ) : (
          <>
            <TextInput
              label={t('caseBundle.entries')}
              description={t('caseBundle.entriesExplained')}
              value={entries}
              onChange={(event) => setEntries(event.currentTarget.value)}
              error={tried && wrong ? t('caseBundle.entriesWrong') : null}
              data-autofocus
            />
            <p>
              {t('caseBundle.byFilter')} <Link {...paths.timeline({})}>{t('timeline.title')}</Link>
            </p>
          </>
        )}
        <h3>{t('caseBundle.holds')}</h3>
        <ul>
          {(['entries', 'proofs', 'readable', 'not'] as const).map((part) => (
            <li key={part}>{t(`caseBundle.parts.${part}`)}</li>
          ))}
        </ul>
        <h3>{t('caseBundle.verify')}</h3>
        <pre>{commands}</pre>
        <p>{t('caseBundle.key')}</p>
        {failure && <FailureNotice failure={failure} />}
        <Button
          type="submit"
          loading={busy}
          leftSection={<IconDownload size={16} aria-hidden="true" />}
          {...(filter ? { 'data-autofocus': true } : {})}
        >
          {t('caseBundle.download')}
        </Button>
      </form>
    </Dialog>
  );
}

import { Button, Checkbox, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient, useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { EntryDrawer, type EntryTarget } from '@/components/entry/EntryDrawer';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import type { PreviewAlertRuleQuery, RuleFragment } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { draftOf, inputOf, type RuleDraft } from './draft';
import { RuleFields } from './RuleFields';
import { PreviewAlertRuleDocument, RulePreview } from './RulePreview';
import classes from './Rules.module.css';

const SaveAlertRuleDocument = graphql(`
  mutation SaveAlertRule($input: SaveAlertRuleInput!) {
    saveAlertRule(input: $input) {
      rule {
        id
        ...Rule
      }
    }
  }
`);

const fields = new Set(
  'name kind actions sources streams outcome windowMinutes count groupBy hours hours.weekdays hours.from hours.to severity'.split(
    ' ',
  ),
);

interface RuleFormProps {
  /** Null makes a new one. */
  rule: RuleFragment | null;
  close(): void;
  saved(): void;
}

/** Makes or changes a rule, and tries it on the last 30 days. */
export function RuleForm({ rule, close, saved }: RuleFormProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const client = useClient();
  const [draft, setDraft] = useState(() => draftOf(rule));
  const [seen] = useState(rule?.version ?? null); // not that of a list that is read again meanwhile
  const [failure, setFailure] = useState<Failure | null>(null);
  const [preview, setPreview] = useState<PreviewAlertRuleQuery['previewAlertRule'] | null>(null);
  const [entry, setEntry] = useState<EntryTarget | null>(null);
  const [trying, setTrying] = useState(false);
  const [purpose, setPurpose] = useState('');
  const looksAtWork = draft.streams.includes('WORK');
  const attempts = useRef(0); // an answer to what was asked before a change is no longer one
  const [{ fetching }, save] = useMutation(SaveAlertRuleDocument);
  const change = (to: Partial<RuleDraft>) => {
    setDraft((before) => ({ ...before, ...to }));
    setPreview(null);
    setTrying(false);
    attempts.current += 1;
  };
  const refused = (field: string) => (failure?.field === field ? failure.message : null);

  const attempt = async () => {
    setTrying(true);
    setFailure(null);
    attempts.current += 1;
    const mine = attempts.current;
    const { data, error } = await client
      .query(
        PreviewAlertRuleDocument,
        { rule: inputOf(draft), purpose: looksAtWork ? purpose : null },
        { requestPolicy: 'network-only' },
      )
      .toPromise();
    if (mine !== attempts.current) return;
    setTrying(false);
    if (error) return setFailure(failureOf(error));
    setPreview(data?.previewAlertRule ?? null);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFailure(null);
    const { error } = await save({
      input: {
        id: rule?.id ?? null,
        version: seen,
        name: draft.name,
        enabled: draft.enabled,
        rule: inputOf(draft),
      },
    });
    if (error) return setFailure(failureOf(error));
    announce(t('alertRules.saved'));
    close();
    saved();
  };
  return (
    <>
      <Dialog
        opened
        close={close}
        title={t(rule ? 'alertRules.changeTitle' : 'alertRules.add')}
        size={640}
        covered={entry !== null}
      >
        <form className={classes.form} onSubmit={submit} noValidate>
          <TextInput
            label={t('alertRules.name')}
            value={draft.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
            error={refused('name')}
            maxLength={80}
            autoComplete="off"
            data-autofocus
          />
          <RuleFields draft={draft} change={change} refused={refused} />
          <Checkbox
            label={t('alertRules.enabled')}
            checked={draft.enabled}
            onChange={(event) => change({ enabled: event.currentTarget.checked })}
          />
          {looksAtWork && (
            <TextInput
              label={t('alertRules.purpose')}
              description={t('alertRules.purposeHint')}
              value={purpose}
              onChange={(event) => setPurpose(event.currentTarget.value)}
              error={refused('purpose')}
              maxLength={500}
              autoComplete="off"
            />
          )}
          {failure && !(fields.has(failure.field ?? '') || (looksAtWork && failure.field === 'purpose')) && (
            <FailureNotice failure={failure} />
          )}
          <div>
            <strong aria-live="polite">
              {preview && t('alertRules.previewCount', { count: preview.count })}
            </strong>
            {preview && <RulePreview preview={preview} openEntry={setEntry} />}
          </div>
          <div className={classes.buttons}>
            <Button variant="default" onClick={attempt} loading={trying} className={classes.try}>
              {t('alertRules.preview')}
            </Button>
            <Button variant="default" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={fetching}>
              {t('common.save')}
            </Button>
          </div>
        </form>
      </Dialog>
      <EntryDrawer target={entry} close={() => setEntry(null)} />
    </>
  );
}

import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { EntryTarget } from '@/components/entry/EntryDrawer';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import type { PreviewAlertRuleQuery, Stream } from '@/gql/graphql';
import { useFormats } from '@/lib/session/clock';
import classes from './Rules.module.css';

export const PreviewAlertRuleDocument = graphql(`
  query PreviewAlertRule($rule: AlertRuleInput!, $purpose: String) {
    previewAlertRule(rule: $rule, purpose: $purpose) {
      count
      days {
        date
        count
      }
      examples {
        at
        group
        entry
        stream
        entries
      }
      entriesRead
      entriesLate
      truncated
      from
    }
  }
`);

const kinds: Record<Stream, EntryTarget['kind']> = {
  KEY: 'KeyLogEntry',
  ACTIVITY: 'ActivityEntry',
  AUTH: 'AuthEntry',
  WORK: 'WorkEntry',
  SYSTEM: 'SystemEntry',
};

interface RulePreviewProps {
  preview: PreviewAlertRuleQuery['previewAlertRule'];
  openEntry(entry: EntryTarget): void;
}

/** What a rule would have found on which days, and the newest of it. */
export function RulePreview({ preview, openEntry }: RulePreviewProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const most = Math.max(1, ...preview.days.map((day) => day.count));
  return (
    <section className={classes.preview} aria-label={t('alertRules.strip')}>
      <ol className={classes.strip} aria-label={t('alertRules.strip')}>
        {preview.days.map((day) => {
          const said = t('alertRules.day', { count: day.count, date: day.date });
          return (
            <li key={day.date} title={said} data-some={day.count > 0 || undefined}>
              <span className={classes.hidden}>{said}</span>
              <span
                className={classes.bar30}
                style={{ height: `${day.count === 0 ? 2 : 6 + (34 * day.count) / most}px` }}
              />
            </li>
          );
        })}
      </ol>
      <p className={classes.muted}>
        {t('alertRules.entriesRead', {
          count: preview.entriesRead,
          shown: formats.number(preview.entriesRead),
        })}
        {preview.entriesLate > 0 && (
          <>
            {' '}
            {t('alertRules.entriesLate', {
              count: preview.entriesLate,
              shown: formats.number(preview.entriesLate),
            })}
          </>
        )}
        {preview.truncated && (
          <>
            {' '}
            {t('alertRules.truncated')} <Instant at={preview.from} show="full" />
          </>
        )}
      </p>
      {preview.examples.length > 0 && (
        <>
          <p>{t('alertRules.examples')}</p>
          <ul className={classes.examples}>
            {preview.examples.map((example) => (
              <li key={`${example.at} ${example.entry} ${example.group}`}>
                <Instant at={example.at} show="full" />
                <span className={classes.muted}>
                  {[example.group, t('alertRules.exampleEntries', { count: example.entries })]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
                {example.entry && example.stream && (
                  <Example
                    seq={example.entry}
                    open={() =>
                      openEntry({ kind: kinds[example.stream as Stream], seq: String(example.entry) })
                    }
                  />
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Example({ seq, open }: { seq: string; open(): void }) {
  const { t } = useTranslation();
  return (
    <UnstyledButton className={classes.open} onClick={open}>
      {t('alertRules.openEntry', { seq })}
    </UnstyledButton>
  );
}

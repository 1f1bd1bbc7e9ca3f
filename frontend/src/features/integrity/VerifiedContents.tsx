import { useTranslation } from 'react-i18next';
import { ActionMark } from '@/components/entry/ActionMark';
import { Field, Fields } from '@/components/entry/fields';
import { Hash } from '@/components/Hash';
import { Instant } from '@/components/Instant';
import { contentsOf } from './contents';
import classes from './Integrity.module.css';

/** What the verified bytes say, so that it can be compared with what other pages show under this number. */
export function VerifiedContents({ seq, body }: { seq: string; body: string }) {
  const { t } = useTranslation();
  const contents = contentsOf(body);
  if (!contents) return <p className={classes.muted}>{t('integrity.contents.unreadable')}</p>;
  return (
    <section className={classes.contents} aria-labelledby="verified-contents">
      <h2 id="verified-contents">{t('integrity.contents.title', { seq })}</h2>
      <Fields>
        <Field name={t('entry.action')}>
          <ActionMark action={contents.action} />
        </Field>
        <Field name={t('entry.occurredAt')}>
          <Instant at={contents.occurredAt} show="full" />
        </Field>
        <Field name={t('entry.about')}>{contents.entity}</Field>
        <Field name={t('entry.actor')}>{contents.actor && <Id value={contents.actor} name="actor" />}</Field>
        <Field name={t('entry.person')}>
          {contents.person && <Id value={contents.person} name="person" />}
        </Field>
        <Field name={t('entry.id')}>
          <Id value={contents.id} name="id" />
        </Field>
      </Fields>
    </section>
  );
}

function Id({ value, name }: { value: string; name: 'actor' | 'person' | 'id' }) {
  const { t } = useTranslation();
  return value === 'system' ? t('entry.keytrail') : <Hash value={value} label={t(`entry.${name}`)} whole />;
}

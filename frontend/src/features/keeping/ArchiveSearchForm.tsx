import { Button, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Holder, HolderField } from '@/components/holder/HolderField';
import type { LogFilter, Stream } from '@/gql/graphql';
import { useSession } from '@/lib/session/session';
import { dayBounds } from '@/lib/time/calendar';
import classes from './Keeping.module.css';
import { streams } from './streams';

const texts = ['action', 'entityType', 'entity', 'text'] as const;
const empty = { action: '', entityType: '', entity: '', text: '', from: '', to: '', purpose: '' };

interface ArchiveSearchFormProps {
  busy: boolean;
  search(filter: LogFilter): void;
}

/** What is searched for. It stands in no address: following a link would be a look that nobody meant. */
export function ArchiveSearchForm({ busy, search }: ArchiveSearchFormProps) {
  const { t } = useTranslation();
  const { timeZone } = useSession().server;
  const [person, setPerson] = useState<Holder | null>(null);
  const [stream, setStream] = useState<Stream | null>(null);
  const [asked, setAsked] = useState(empty);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { from, to, ...words } = asked;
    const given = Object.entries(words).filter(([, word]) => word.trim() !== '');
    search({
      ...Object.fromEntries(given),
      ...(person && { person: person.id }),
      ...(stream && { streams: [stream] }),
      ...(from && { from: dayBounds(from, timeZone).from }),
      ...(to && { to: dayBounds(to, timeZone).to }),
    });
  };
  const field = (name: keyof typeof empty, label: string, type = 'text') => (
    <TextInput
      key={name}
      type={type}
      label={label}
      value={asked[name]}
      onChange={(event) => {
        const { value } = event.currentTarget;
        setAsked((former) => ({ ...former, [name]: value }));
      }}
      maxLength={name === 'purpose' ? 500 : 190}
      autoComplete="off"
    />
  );
  const labels = {
    action: t('entry.action'),
    entityType: t('timeline.entityType'),
    entity: t('timeline.entity'),
    text: t('timeline.text'),
  };
  return (
    <form className={classes.search} onSubmit={submit} noValidate>
      <HolderField label={t('keeping.person')} value={person} change={setPerson} error={null} />
      <Select
        label={t('keeping.stream')}
        placeholder={t('keeping.anyStream')}
        data={streams.map((one) => ({ value: one, label: t(`timeline.stream.${one}`) }))}
        value={stream}
        onChange={(one) => setStream(one as Stream | null)}
        clearable
        clearButtonProps={{ 'aria-label': t('filters.clear') }}
      />
      {texts.map((name) => field(name, labels[name]))}
      {field('from', t('signIns.from'), 'date')}
      {field('to', t('signIns.to'), 'date')}
      <TextInput
        label={t('keeping.searchPurpose')}
        description={t('keeping.searchPurposeHint')}
        value={asked.purpose}
        onChange={(event) => {
          const { value } = event.currentTarget;
          setAsked((former) => ({ ...former, purpose: value }));
        }}
        maxLength={500}
      />
      <Button type="submit" loading={busy}>
        {t('keeping.searchNow')}
      </Button>
    </form>
  );
}

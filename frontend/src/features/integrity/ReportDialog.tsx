import { Button, Radio, Stack, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import type { Failure } from '@/lib/graphql/failure';
import { files } from '@/lib/paths';
import { useFormats, useToday } from '@/lib/session/clock';
import classes from './Integrity.module.css';
import { complaintOf, type Period, type UsualPeriod, usualPeriod, usualPeriods } from './reportPeriod';
import { takeFile } from './takeFile';

const kinds = ['pdf', 'json'] as const;
type Kind = (typeof kinds)[number];

/** Makes the compliance report of a period, as a file. */
export function ReportDialog({ close }: { close(): void }) {
  const { t, i18n } = useTranslation();
  const announce = useAnnounce();
  const today = useToday();
  const [which, setWhich] = useState<UsualPeriod | 'own'>('lastMonth');
  const [own, setOwn] = useState(() => usualPeriod('lastMonth', today));
  const [kind, setKind] = useState<Kind>('pdf');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const ends = { from: useRef<HTMLInputElement>(null), to: useRef<HTMLInputElement>(null) };
  const period = which === 'own' ? own : usualPeriod(which, today);
  const complaint = complaintOf(period, today);

  const make = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (busy) return;
    if (complaint) return ends[complaint.field].current?.focus();
    setFailure(null);
    setBusy(true);
    const language = i18n.language.startsWith('lv') ? 'lv' : 'en';
    const name = `compliance-${period.from}-${period.to}.${kind}`;
    const refused = await takeFile(files.compliance(kind, period.from, period.to, language), name);
    setBusy(false);
    if (refused) return setFailure(refused);
    announce(t('integrity.report.made', { name }));
    close();
  };
  const errorAt = (field: keyof Period) =>
    tried && complaint?.field === field ? t(`integrity.report.wrong.${complaint.what}`) : null;

  return (
    <Dialog opened close={close} title={t('integrity.report.title')}>
      <form className={classes.report} onSubmit={make} noValidate>
        <p>{t('integrity.report.explained')}</p>
        <PeriodChoice which={which} choose={setWhich} today={today} />
        {which === 'own' && (
          <div className={classes.days}>
            {(['from', 'to'] as const).map((end) => (
              <TextInput
                key={end}
                ref={ends[end]}
                type="date"
                label={t(`integrity.report.${end}`)}
                value={own[end]}
                max={today}
                onChange={({ currentTarget: { value } }) => setOwn((days) => ({ ...days, [end]: value }))}
                error={errorAt(end)}
              />
            ))}
          </div>
        )}
        <Radio.Group
          label={t('integrity.report.kind')}
          value={kind}
          onChange={(chosen) => setKind(chosen as Kind)}
        >
          <Stack gap={8} mt={6}>
            {kinds.map((one) => (
              <Radio key={one} value={one} label={t(`integrity.report.kinds.${one}`)} />
            ))}
          </Stack>
        </Radio.Group>
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={busy} leftSection={<IconDownload size={16} aria-hidden="true" />}>
            {t('integrity.report.make')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface PeriodChoiceProps {
  which: UsualPeriod | 'own';
  choose(which: UsualPeriod | 'own'): void;
  today: string;
}

/** Which days, with what the usual periods are today. */
function PeriodChoice({ which, choose, today }: PeriodChoiceProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Radio.Group
      label={t('integrity.report.period')}
      value={which}
      onChange={(chosen) => choose(chosen as UsualPeriod | 'own')}
    >
      <Stack gap={8} mt={6}>
        {usualPeriods.map((one) => {
          const { from, to } = usualPeriod(one, today);
          return (
            <Radio
              key={one}
              value={one}
              label={t(`integrity.report.periods.${one}`)}
              description={t('integrity.report.days', { from: formats.day(from), to: formats.day(to) })}
              data-autofocus={one === which || undefined}
            />
          );
        })}
        <Radio value="own" label={t('integrity.report.periods.own')} />
      </Stack>
    </Radio.Group>
  );
}

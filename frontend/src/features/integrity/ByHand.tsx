import { Button } from '@mantine/core';
import { IconDownload, IconPackageExport } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CaseBundle } from '@/components/bundle/CaseBundle';
import { useCan } from '@/lib/session/session';
import type { CheckpointFields } from './CheckpointCard';
import { downloadCheckpoint, downloadScript } from './download';
import classes from './Integrity.module.css';

/** How to check all of this without this app, with tools that everybody has. */
export function ByHand({ checkpoint }: { checkpoint: CheckpointFields }) {
  const { t } = useTranslation();
  const mayExport = useCan('LOGS_EXPORT');
  const [bundling, setBundling] = useState(false);
  const steps = ['key', 'script', 'log', 'outside'] as const;
  return (
    <section className={classes.byHand} aria-labelledby="by-hand">
      <h2 id="by-hand">{t('integrity.byHand.title')}</h2>
      <ol>
        {steps.map((step) => (
          <li key={step}>{t(`integrity.byHand.${step}`)}</li>
        ))}
      </ol>
      <pre>{`bash verify-proof.sh keytrail-proof-….json '${checkpoint.verifierKey}'`}</pre>
      <div className={classes.downloads}>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} />}
          onClick={() => downloadCheckpoint(checkpoint)}
        >
          {t('integrity.byHand.checkpoint')}
        </Button>
        <Button variant="default" leftSection={<IconDownload size={16} />} onClick={downloadScript}>
          {t('integrity.byHand.download')}
        </Button>
        {mayExport && (
          <Button
            variant="default"
            leftSection={<IconPackageExport size={16} />}
            onClick={() => setBundling(true)}
          >
            {t('caseBundle.open')}
          </Button>
        )}
      </div>
      {bundling && <CaseBundle close={() => setBundling(false)} />}
    </section>
  );
}

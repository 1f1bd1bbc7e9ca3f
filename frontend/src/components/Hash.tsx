import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './Hash.module.css';

interface HashProps {
  value: string;
  /** What it is, for the copy button's name. */
  label: string;
  /** Shows all of it. */
  whole?: boolean;
}

/** An id or hash in monospace, shortened, with a button that copies all of it. */
export function Hash({ value, label, whole = false }: HashProps) {
  const { t } = useTranslation();
  const shown = whole || value.length <= 18 ? value : `${value.slice(0, 8)}…${value.slice(-6)}`;
  return (
    <span className={classes.hash}>
      <code title={value}>{shown}</code>
      <CopyButton value={value} timeout={1500}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('common.copied') : t('common.copy')} withArrow>
            <ActionIcon
              size={24}
              variant="subtle"
              color="gray"
              onClick={copy}
              aria-label={t('common.copyWhat', { what: label })}
            >
              {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </span>
  );
}

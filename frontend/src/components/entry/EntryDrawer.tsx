import { Drawer } from '@mantine/core';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { AuthEntryDetails } from './AuthEntryDetails';
import { KeyEntryDetails } from './KeyEntryDetails';

/** Kinds of entry that can be opened; each has a renderer of its own. */
export type EntryKind = 'KeyLogEntry' | 'AuthEntry';

/** Which entry: its place in the ledger, and when it occurred, by which it is found. */
export interface EntryTarget {
  kind: EntryKind;
  seq: string;
  occurredAt: string;
}

const renderers: Record<EntryKind, ComponentType<{ target: EntryTarget }>> = {
  KeyLogEntry: KeyEntryDetails,
  AuthEntry: AuthEntryDetails,
};

interface EntryDrawerProps {
  target: EntryTarget | null;
  close(): void;
}

/** Everything that is known of one entry, with the hashes that prove it. */
export function EntryDrawer({ target, close }: EntryDrawerProps) {
  const { t } = useTranslation();
  const Renderer = target && renderers[target.kind];
  return (
    <Drawer
      opened={target !== null}
      onClose={close}
      position="right"
      size={480}
      title={target && t('entry.title', { seq: target.seq })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {Renderer && target && <Renderer target={target} />}
    </Drawer>
  );
}

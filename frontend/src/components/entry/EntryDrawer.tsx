import { Drawer } from '@mantine/core';
import { type ComponentType, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SystemEntryQuery } from '@/gql/graphql';
import { useCan } from '@/lib/session/session';
import classes from '../Dialog.module.css';
import { ActivityEntryDetails } from './ActivityEntryDetails';
import { AuthEntryDetails } from './AuthEntryDetails';
import { Around } from './around/Around';
import { EntryReview } from './EntryReview';
import { KeyEntryDetails } from './KeyEntryDetails';
import { SystemEntryDetails } from './SystemEntryDetails';
import { WorkEntryDetails } from './WorkEntryDetails';

/** Kinds of entry: the types of the schema, so that a new one is missing from the renderers until it has its own. */
export type EntryKind = NonNullable<SystemEntryQuery['entry']>['__typename'];

/** Which entry: its place in the ledger. */
export interface EntryTarget {
  kind: EntryKind;
  seq: string;
}

interface RendererProps {
  target: EntryTarget;
  /** Shows another entry that this one leads to. */
  open(target: EntryTarget): void;
}

const renderers: Record<EntryKind, ComponentType<RendererProps>> = {
  KeyLogEntry: KeyEntryDetails,
  ActivityEntry: ActivityEntryDetails,
  AuthEntry: AuthEntryDetails,
  SystemEntry: SystemEntryDetails,
  WorkEntry: WorkEntryDetails,
};

interface EntryDrawerProps {
  target: EntryTarget | null;
  close(): void;
}

/** Everything that is known of one entry, with the hashes that prove it. */
export function EntryDrawer({ target: first, close }: EntryDrawerProps) {
  const { t } = useTranslation();
  const [followed, setFollowed] = useState<{ from: EntryTarget; to: EntryTarget } | null>(null);
  const target = followed && followed.from === first ? followed.to : first;
  const open = (to: EntryTarget) => first && setFollowed({ from: first, to });
  const mayReview = useCan('LOGS_REVIEW');
  const Renderer = target && renderers[target.kind];
  return (
    <Drawer.Root
      opened={target !== null}
      onClose={close}
      position="right"
      size={480}
      transitionProps={{ duration: 140 }}
    >
      <Drawer.Overlay />
      <Drawer.Content>
        <div className={classes.head}>
          <Drawer.Title className={classes.title}>
            {target && t('entry.title', { seq: target.seq })}
          </Drawer.Title>
          <Drawer.CloseButton aria-label={t('common.close')} />
        </div>
        <Drawer.Body>
          {Renderer && target && <Renderer key={target.seq} target={target} open={open} />}
          {target && <Around key={`around ${target.seq}`} seq={target.seq} open={open} />}
          {mayReview && target && <EntryReview key={`review ${target.seq}`} seq={target.seq} />}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

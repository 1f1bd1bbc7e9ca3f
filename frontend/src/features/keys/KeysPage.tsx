import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { BuildingFilter } from '@/components/filters/BuildingFilter';
import { GroupFilter } from '@/components/filters/GroupFilter';
import { Page } from '@/components/Page';
import { SearchField } from '@/components/SearchField';
import { failureOf } from '@/lib/graphql/failure';
import { type KeysSearch, paths } from '@/lib/paths';
import { useCan } from '@/lib/session/session';
import { DeskDialog, type DeskTask } from './DeskDialog';
import { FilesMenu } from './FilesMenu';
import { KeyForm } from './KeyForm';
import { KeyList } from './KeyList';
import { KeysImport } from './KeysImport';
import classes from './KeysPage.module.css';
import { deskAction, type KeyRow } from './keyRow';
import { SelectionBar } from './SelectionBar';
import { StateChips } from './StateChips';
import { useEnter } from './useEnter';
import { useKeyList } from './useKeyList';
import { useSelection } from './useSelection';
import { useWaitingKeys } from './waiting';

/** Where is it, and who may have it? */
export function KeysPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ from: '/keys' });
  const mayIssue = useCan('KEYS_ISSUE');
  const mayManage = useCan('KEYS_MANAGE');
  const list = useKeyList(search);
  const waiting = useWaitingKeys();
  const selection = useSelection(list.rows);
  const [task, setTask] = useState<DeskTask | null>(null);
  const [adding, setAdding] = useState(false);
  const [importing, setImporting] = useState(false);
  const grid = useRef<HTMLDivElement>(null);

  const show = (change: KeysSearch) => navigate({ ...paths.keys({ ...search, ...change }), replace: true });
  const act = (key: KeyRow) => {
    const action = deskAction(key);
    if (mayIssue && action) setTask({ action, keys: [key] });
    else navigate(paths.key(key.id));
  };
  const enter = useEnter(search.q, list, act, () => focusFirst(grid.current));
  const filtered = Object.values(search).some(Boolean);

  return (
    <Page
      title={t('keys.title')}
      aside={
        <div className={classes.add}>
          <Button variant="default" renderRoot={(props) => <Link {...paths.keyGroups()} {...props} />}>
            {t('groups.title')}
          </Button>
          <FilesMenu search={search} openImport={() => setImporting(true)} />
          {mayManage && (
            <Button variant="light" leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
              {t('keys.add')}
            </Button>
          )}
        </div>
      }
    >
      <div className={classes.filters}>
        <SearchField
          label={t('keys.search')}
          value={search.q}
          change={(q) => show({ q })}
          enter={enter}
          down={() => focusFirst(grid.current)}
        />
        <GroupFilter value={search.group} change={(group) => show({ group })} />
        <BuildingFilter value={search.building} change={(building) => show({ building })} />
      </div>
      <StateChips
        chosen={search.states}
        counts={list.counts}
        change={(states) => show({ states })}
        holder={search.holder}
        clearHolder={() => show({ holder: undefined })}
      />
      {list.error && <FailureNotice failure={failureOf(list.error)} retry={list.refresh} />}
      {list.pages.length === 0 && !list.error && <SkeletonRows rows={14} />}
      {list.pages.length > 0 && list.rows.length === 0 && (
        <EmptyState
          title={filtered ? t('keys.noneFits') : t('keys.none')}
          explanation={filtered ? t('keys.noneFitsExplained') : t('keys.noneExplained')}
          action={
            filtered && (
              <Button variant="default" onClick={() => navigate(paths.keys())}>
                {t('filters.clearAll')}
              </Button>
            )
          }
        />
      )}
      {list.rows.length > 0 && (
        <KeyList
          ref={grid}
          rows={list.rows}
          total={list.total ?? list.rows.length}
          waiting={waiting}
          selected={selection.ids}
          selectable={mayIssue}
          toggle={selection.toggle}
          act={act}
          open={(key) => navigate(paths.key(key.id))}
          more={list.hasMore ? list.more : undefined}
        />
      )}
      <SelectionBar
        keys={selection.keys}
        issue={(keys) => setTask({ action: 'issue', keys })}
        takeBack={(keys) => setTask({ action: 'return', keys })}
        clear={selection.clear}
      />
      <DeskDialog task={task} close={() => setTask(null)} done={selection.clear} />
      {importing && <KeysImport close={() => setImporting(false)} imported={list.refresh} />}
      {adding && <KeyForm close={() => setAdding(false)} />}
    </Page>
  );
}

function focusFirst(grid: HTMLElement | null): void {
  grid?.querySelector<HTMLElement>('[role="row"][tabindex="0"]')?.focus();
}

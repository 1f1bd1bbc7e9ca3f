import { useMediaQuery } from '@mantine/hooks';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type Ref, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './KeyList.module.css';
import { KeyListRow } from './KeyListRow';
import type { KeyRow } from './keyRow';
import type { Waiting } from './waiting';

interface KeyListProps {
  ref: Ref<HTMLDivElement>;
  rows: readonly KeyRow[];
  total: number;
  /** What waits for a second person, by the key's id. */
  waiting: ReadonlyMap<string, Waiting>;
  selected: ReadonlySet<string>;
  selectable: boolean;
  toggle(key: KeyRow): void;
  /** Issues or returns. */
  act(key: KeyRow): void;
  /** Goes to the key's page. */
  open(key: KeyRow): void;
  more: (() => void) | undefined;
}

const rowHeight = { wide: 36, narrow: 72 };
const pageStep = 10;
const aheadOfEnd = 20;

/** Keys in rows, of which only those on screen are drawn. Arrows move, Enter acts, Space selects, o opens. */
export function KeyList(props: KeyListProps) {
  const { ref, rows, total, waiting, selected, selectable, toggle, act, open, more } = props;
  const { t } = useTranslation();
  const narrow = useMediaQuery('(max-width: 61.99em)', false, { getInitialValueInEffect: false });
  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [activeId, setActiveId] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);
  const active = Math.max(
    0,
    rows.findIndex((key) => key.id === activeId),
  );
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (narrow ? rowHeight.narrow : rowHeight.wide),
    overscan: 12,
    scrollMargin: top,
    scrollPaddingStart: 60,
    scrollPaddingEnd: 70,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const lastDrawn = items.at(-1)?.index ?? 0;

  useLayoutEffect(() => setTop(body.current?.offsetTop ?? 0), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height of rows needs another measure
  useEffect(() => virtual.measure(), [narrow]);
  useEffect(() => {
    if (more && lastDrawn > rows.length - aheadOfEnd) more();
  }, [more, lastDrawn, rows.length]);
  useEffect(() => {
    if (!wanted.current) return;
    const row = body.current?.querySelector<HTMLElement>(`[data-key="${wanted.current}"]`);
    if (!row) return;
    wanted.current = null;
    row.focus({ preventScroll: true });
  });

  const moveTo = (index: number) => {
    const target = Math.min(rows.length - 1, Math.max(0, index));
    const id = rows[target]?.id ?? null;
    wanted.current = id;
    setActiveId(id);
    virtual.scrollToIndex(target);
  };
  const press = (event: KeyboardEvent) => {
    const key = rows[active];
    if (!key || event.ctrlKey || event.metaKey || event.altKey) return;
    const onRow = event.target instanceof HTMLElement && event.target.getAttribute('role') === 'row';
    const step = steps[event.key];
    if (step !== undefined) moveTo(active + step);
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') moveTo(rows.length - 1);
    else if (!onRow) return;
    else if (event.key === 'Enter') act(key);
    else if (event.key === ' ' && selectable) toggle(key);
    else if (event.key === 'o') open(key);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={ref}
      role="grid"
      className={classes.grid}
      aria-label={t('keys.list')}
      aria-rowcount={total + 1}
      aria-multiselectable={selectable || undefined}
      onKeyDown={press}
    >
      <div role="row" className={classes.head} aria-rowindex={1}>
        {columns.map((column) => (
          <span role="columnheader" key={column}>
            {t(`keys.columns.${column}`)}
          </span>
        ))}
      </div>
      <div role="rowgroup" ref={body} className={classes.body} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const key = rows[item.index];
          return (
            key && (
              <KeyListRow
                key={key.id}
                row={key}
                waiting={waiting.get(key.id)}
                index={item.index}
                top={item.start - top}
                active={item.index === active}
                selected={selected.has(key.id)}
                selectable={selectable}
                toggle={toggle}
                act={act}
                reached={setActiveId}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

const columns = ['select', 'number', 'label', 'place', 'state', 'holder', 'due', 'action'] as const;

const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: pageStep, PageUp: -pageStep };

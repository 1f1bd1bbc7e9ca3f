import { Combobox, TextInput, useCombobox } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimelineSearch } from '@/lib/paths';
import { onSlash } from '@/lib/singleKeys';
import { reviewedAs } from '../filter';
import { complete, isUnfinished, namesFor, rewritten, typingAt, valuesFor } from './completion';
import classes from './FilterField.module.css';
import {
  conditionOf,
  longestFilter,
  type Problem,
  parse,
  personConditions,
  piecesOf,
  write,
} from './grammar';
import { useOffered } from './useOffered';
import { usePersonNames } from './usePersonNames';
import { useVocabulary } from './useVocabulary';

interface FilterFieldProps {
  search: TimelineSearch;
  change(search: TimelineSearch): void;
}

/** The filter as one line that is typed, with completion; Enter takes it, and / leads here. */
export function FilterField({ search, change }: FilterFieldProps) {
  const { t } = useTranslation();
  const vocabulary = useVocabulary();
  const persons = usePersonNames(search);
  const written = write(search, vocabulary, persons.names);
  const [text, setText] = useState(written);
  const [caret, setCaret] = useState(0);
  const [error, setError] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const wantedCaret = useRef<number | null>(null);
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() });
  const typing = typingAt(text, caret, vocabulary);
  const offered = useOffered(box.dropdownOpened ? typing.condition : undefined, search, vocabulary);
  const asked = useMemo(
    () => piecesOf(text).flatMap(({ name }) => conditionOf(name, vocabulary) ?? []),
    [text, vocabulary],
  );
  const completions = typing.condition
    ? valuesFor(typing.typed, offered)
    : namesFor(typing.typed, asked, vocabulary);

  const shown = useRef({ written, taken: false });
  useEffect(() => {
    const before = shown.current;
    shown.current = { written, taken: false };
    setText((draft) => (before.taken ? written : rewritten(draft, before.written, written)));
    setError(null);
  }, [written]);
  useEffect(() => {
    if (wantedCaret.current === null) return;
    field.current?.setSelectionRange(wantedCaret.current, wantedCaret.current);
    wantedCaret.current = null;
  });
  useEffect(() => onSlash(() => field.current?.focus()), []);

  const choose = (place: string) => {
    const chosen = completions[Number(place)];
    if (!chosen) return;
    if (chosen.id) persons.choose(chosen.value, chosen.id);
    const next = complete(text, typing, chosen);
    setText(next.text);
    setCaret(next.caret);
    wantedCaret.current = next.caret;
    box.resetSelectedOption();
  };
  const take = async () => {
    box.closeDropdown();
    const { search: typed, problems } = parse(text, vocabulary);
    if (problems[0]) return setError(told(problems[0]));
    for (const condition of personConditions) {
      const name = typed[condition];
      if (!name) continue;
      const found = await persons.find(condition, name);
      if (found === 'nobody') return setError(t('typed.nobody', { name }));
      if (!('id' in found)) return setError(t('typed.several', { name, people: found.join(', ') }));
      typed[condition] = found.id;
    }
    setError(null);
    shown.current.taken = true;
    change({ ...typed, ...(typed.review && reviewedAs(typed.review, typed, vocabulary.today)) });
  };
  const told = ({ reason, piece }: Problem) =>
    t(`typed.problems.${reason}`, { piece, names: Object.values(vocabulary.names).join(', ') });
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || box.getSelectedOptionIndex() >= 0) return;
    event.preventDefault();
    if (box.dropdownOpened && isUnfinished(typing, completions, offered, vocabulary)) return choose('0');
    void take();
  };
  return (
    <Combobox store={box} onOptionSubmit={choose} withinPortal={false} position="bottom-start">
      <Combobox.Target withExpandedAttribute autoComplete="off">
        <TextInput
          ref={field}
          className={classes.field}
          aria-label={t('typed.title')}
          placeholder={t('typed.example', vocabulary.names)}
          leftSection={<IconFilter size={16} aria-hidden="true" />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setCaret(event.currentTarget.selectionStart ?? event.currentTarget.value.length);
            setError(null);
            box.openDropdown();
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
          onFocus={() => box.openDropdown()}
          onClick={() => box.openDropdown()}
          onBlur={() => box.closeDropdown()}
          onKeyDown={press}
          error={error}
          maxLength={longestFilter}
          spellCheck={false}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={completions.length === 0}>
        <Combobox.Options mah={260} style={{ overflowY: 'auto' }} aria-label={t('typed.title')}>
          {completions.map(({ insert, label, value, id }, place) => (
            <Combobox.Option value={String(place)} key={id ?? insert}>
              <span className={classes.option}>
                {label}
                {typing.condition && value !== label && !label.startsWith(value) && <span>{value}</span>}
              </span>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

import { Combobox, Loader, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { graphql, unmask } from '@/gql';
import type { HolderFragment as Person } from '@/gql/graphql';
import classes from './HolderField.module.css';

const HoldersDocument = graphql(`
  query Holders($search: String) {
    people(search: $search, first: 12) {
      edges {
        node {
          id
          ...Holder
        }
      }
    }
  }
`);

const RecentHoldersDocument = graphql(`
  query RecentHolders {
    loans(first: 40) {
      edges {
        node {
          id
          holder {
            id
            ...Holder
          }
        }
      }
    }
  }
`);

export const HolderFragment = graphql(`
  fragment Holder on Person {
    id
    name
    badge
    company
    department {
      id
      name
    }
  }
`);

export interface Holder {
  id: string;
  name: string;
}

interface HolderFieldProps {
  /** What he is here; otherwise the holder. */
  label?: string;
  /** Whether the label is for screen readers only. */
  labelHidden?: boolean;
  placeholder?: string;
  className?: string | undefined;
  required?: boolean;
  /** Whether a dialog that opens begins here; where it is required, it does. */
  autoFocus?: boolean;
  /** Whether people who held keys lately come first, which they do. */
  recentFirst?: boolean;
  /** Id of who cannot be chosen. */
  except?: string;
  value: Holder | null;
  change(holder: Holder | null): void;
  error: string | null;
}

/** Finds a person by name, number, badge or company; the server searches. */
export function HolderField({
  label,
  labelHidden = false,
  placeholder,
  className,
  required = true,
  autoFocus = required,
  recentFirst = true,
  except,
  value,
  change,
  error,
}: HolderFieldProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value?.name ?? '');
  const { people: found, loading } = useHolders(value ? '' : text.trim(), recentFirst);
  const people = found.filter((person) => person.id !== except);
  const name = label ?? t('keys.holder');
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() });
  const first = people[0]?.id;
  const typing = text !== '' && !value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: other people on offer, or the first letter typed
  useEffect(() => {
    if (typing) box.selectFirstOption();
  }, [first, typing]);
  const choose = (id: string) => {
    const person = people.find((each) => each.id === id);
    if (!person) return;
    change(person);
    setText(person.name);
    box.closeDropdown();
  };
  return (
    <Combobox store={box} onOptionSubmit={choose} withinPortal={false}>
      <Combobox.Target withExpandedAttribute autoComplete="off">
        <TextInput
          className={className}
          label={labelHidden ? undefined : name}
          aria-label={labelHidden ? name : undefined}
          placeholder={placeholder ?? t('keys.holderHint')}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            change(null);
            box.openDropdown();
          }}
          onFocus={() => box.openDropdown()}
          onClick={() => box.openDropdown()}
          onBlur={() => box.closeDropdown()}
          rightSection={loading && <Loader size={16} />}
          error={error}
          required={required}
          withAsterisk={false}
          maxLength={200}
          data-autofocus={autoFocus || undefined}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={220} style={{ overflowY: 'auto' }} aria-label={name}>
          {people.map((person) => (
            <Combobox.Option value={person.id} key={person.id}>
              <span className={classes.option}>
                {person.name}
                <span>
                  {[person.department?.name ?? person.company, person.badge].filter(Boolean).join(' · ')}
                </span>
              </span>
            </Combobox.Option>
          ))}
          {people.length === 0 && !loading && <Combobox.Empty>{t('keys.nobodyFound')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function useHolders(search: string, recentFirst: boolean): { people: Person[]; loading: boolean } {
  const [wanted] = useDebouncedValue(search, 120);
  const [recent] = useQuery({ query: RecentHoldersDocument, pause: !recentFirst });
  const [found] = useQuery({ query: HoldersDocument, variables: { search: wanted || null } });
  const matching = found.data?.people.edges.map(({ node }) => unmask(HolderFragment, node)) ?? [];
  const lately = recent.data?.loans.edges.map(({ node }) => unmask(HolderFragment, node.holder)) ?? [];
  const loading = found.fetching || wanted !== search;
  return { people: latelyFirst(lately, matching, wanted === ''), loading };
}

/** Those who held keys lately come first; without a search they are offered even if they are not on the first page. */
function latelyFirst(lately: Person[], matching: Person[], all: boolean): Person[] {
  const offered = new Set(matching.map((person) => person.id));
  const first = lately.filter((person) => all || offered.has(person.id));
  return [...new Map([...first, ...matching].map((person) => [person.id, person])).values()];
}

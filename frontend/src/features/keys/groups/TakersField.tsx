import { Button, CloseButton, Select } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { HolderField } from '@/components/holder/HolderField';
import { rolesOfPeople, useRoleNames } from '@/components/roleNames';
import { graphql } from '@/gql';
import { newId } from '@/lib/uuid';
import classes from './Groups.module.css';
import { HoursField } from './HoursField';
import type { TakerDraft, TakerKind } from './rules';

const DepartmentChoicesDocument = graphql(`
  query DepartmentChoices {
    departments {
      id
      name
    }
  }
`);

const kinds: readonly TakerKind[] = ['department', 'role', 'person'];
const mostTakers = 100;

interface TakersFieldProps {
  takers: TakerDraft[];
  change(takers: TakerDraft[]): void;
  /** Names of the people that are chosen already, by id. */
  names: ReadonlyMap<string, string>;
  /** Places of those that are not complete. */
  problems: ReadonlySet<number>;
}

/** Who may take a group's keys, and when; nobody on the list is everybody. */
export function TakersField({ takers, change, names, problems }: TakersFieldProps) {
  const { t } = useTranslation();
  const put = (line: string, next: Partial<TakerDraft>) =>
    change(takers.map((taker) => (taker.line === line ? { ...taker, ...next } : taker)));
  return (
    <fieldset className={classes.takers}>
      <legend>{t('groups.takers')}</legend>
      {takers.length === 0 && <p className={classes.hint}>{t('groups.everybody')}</p>}
      {takers.map((taker, index) => (
        <div className={classes.taker} key={taker.line}>
          <Select
            className={classes.kind}
            aria-label={t('groups.takerKind', { place: index + 1 })}
            data={kinds.map((kind) => ({ value: kind, label: t(`groups.kinds.${kind}`) }))}
            value={taker.kind}
            onChange={(kind) => put(taker.line, { kind: kind as TakerKind, value: '' })}
            allowDeselect={false}
          />
          <TakerValue
            taker={taker}
            place={index + 1}
            name={names.get(taker.value)}
            choose={(value) => put(taker.line, { value: value ?? '' })}
          />
          <CloseButton
            aria-label={t('groups.removeTaker', { place: index + 1 })}
            onClick={() => change(takers.filter(({ line }) => line !== taker.line))}
          />
          <HoursField place={index + 1} hours={taker.hours} change={(hours) => put(taker.line, { hours })} />
          {problems.has(index) && (
            <p className={classes.problem} role="alert">
              {t('groups.takerIncomplete')}
            </p>
          )}
        </div>
      ))}
      {takers.length < mostTakers && (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} />}
          onClick={() => change([...takers, { line: newId(), kind: 'department', value: '', hours: null }])}
        >
          {t('groups.addTaker')}
        </Button>
      )}
    </fieldset>
  );
}

interface TakerValueProps {
  taker: TakerDraft;
  place: number;
  name: string | undefined;
  choose(value: string | null): void;
}

function TakerValue({ taker, place, name, choose }: TakerValueProps) {
  const { t } = useTranslation();
  const roleName = useRoleNames();
  const [{ data }] = useQuery({ query: DepartmentChoicesDocument });
  const label = t('groups.takerWho', { place });
  if (taker.kind === 'person')
    return (
      <HolderField
        className={classes.who}
        label={label}
        labelHidden
        placeholder={t('groups.choose')}
        required={false}
        recentFirst={false}
        value={taker.value ? { id: taker.value, name: name ?? '' } : null}
        change={(person) => choose(person?.id ?? null)}
        error={null}
      />
    );
  const choices =
    taker.kind === 'role'
      ? rolesOfPeople.map((role) => ({ value: role as string, label: roleName(role) }))
      : (data?.departments ?? []).map(({ id, name: department }) => ({ value: id, label: department }));
  return (
    <Select
      className={classes.who}
      aria-label={label}
      placeholder={t('groups.choose')}
      data={choices}
      value={taker.value || null}
      onChange={choose}
      searchable
    />
  );
}

import { useCallback, useMemo, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { graphql } from '@/gql';
import type { TimelineSearch } from '@/lib/paths';
import { useCan } from '@/lib/session/session';
import { fold, type PersonCondition } from './grammar';

const PersonNameDocument = graphql(`
  query PersonName($id: ID!) {
    person(id: $id) {
      id
      name
    }
  }
`);

const PersonsNamedDocument = graphql(`
  query PersonsNamed($name: String!) {
    people(search: $name, first: 12) {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`);

const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Who a typed name may be: nobody, one by his id, or several by their names. */
export type Named = { id: string } | 'nobody' | readonly string[];

/** Persons of a filter by name: how they are called, and who a name stands for. */
export function usePersonNames(search: TimelineSearch) {
  const client = useClient();
  const mayLookUp = useCan('PEOPLE_VIEW');
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map());
  const person = useNameOf(search.person, chosen, mayLookUp);
  const actor = useNameOf(search.actor, chosen, mayLookUp);
  const names = useMemo(() => ({ person, actor }), [person, actor]);
  const choose = useCallback(
    (name: string, of: string) => setChosen((before) => new Map(before).set(name, of)),
    [],
  );
  /** Who is meant by a name that stands behind a condition. */
  const find = async (condition: PersonCondition, name: string): Promise<Named> => {
    const remembered = chosen.get(name);
    if (remembered) return { id: remembered };
    const present = search[condition];
    if (present && name === names[condition]) return { id: present };
    if (idPattern.test(name)) return { id: name };
    if (!mayLookUp) return 'nobody';
    const { data: found } = await client.query(PersonsNamedDocument, { name }).toPromise();
    const similar = found?.people.edges ?? [];
    const same = similar.filter(({ node }) => fold(node.name) === fold(name));
    const meant = same.length > 0 ? same : similar;
    const [one, another] = meant;
    if (!one) return 'nobody';
    if (another) return [...new Set(meant.map(({ node }) => node.name))];
    choose(name, one.node.id);
    return { id: one.node.id };
  };
  return { names, choose, find };
}

/** How a person is called: as he was chosen, or as the server says to those who may see people. */
function useNameOf(
  id: string | undefined,
  chosen: ReadonlyMap<string, string>,
  mayLookUp: boolean,
): string | undefined {
  const known = [...chosen].find(([, each]) => each === id)?.[0];
  const [{ data }] = useQuery({
    query: PersonNameDocument,
    variables: { id: id ?? '' },
    pause: !mayLookUp || !id || known !== undefined,
  });
  return known ?? (data?.person?.id === id ? data?.person?.name : undefined);
}

import { useCallback, useMemo, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { graphql } from '@/gql';
import { useCan } from '@/lib/session/session';
import { fold } from './grammar';

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

/** Persons of a filter by name: how one is called, and who a name stands for. */
export function usePersonNames(id: string | undefined) {
  const client = useClient();
  const mayLookUp = useCan('PEOPLE_VIEW');
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map());
  const known = useMemo(() => [...chosen].find(([, each]) => each === id)?.[0], [chosen, id]);
  const [{ data }] = useQuery({
    query: PersonNameDocument,
    variables: { id: id ?? '' },
    pause: !mayLookUp || !id || known !== undefined,
  });
  const choose = useCallback(
    (name: string, of: string) => setChosen((before) => new Map(before).set(name, of)),
    [],
  );
  const find = async (name: string): Promise<Named> => {
    const remembered = chosen.get(name);
    if (remembered) return { id: remembered };
    if (id && name === data?.person?.name) return { id };
    if (idPattern.test(name)) return { id: name };
    if (!mayLookUp) return 'nobody';
    const { data: found } = await client.query(PersonsNamedDocument, { name }).toPromise();
    const same = (found?.people.edges ?? []).filter(({ node }) => fold(node.name) === fold(name));
    const [one, another] = same.length > 0 ? same : (found?.people.edges ?? []);
    if (!one) return 'nobody';
    if (another)
      return [
        ...new Set((same.length > 0 ? same : (found?.people.edges ?? [])).map(({ node }) => node.name)),
      ];
    choose(name, one.node.id);
    return { id: one.node.id };
  };
  return { name: known ?? (data?.person?.id === id ? data?.person?.name : undefined), choose, find };
}

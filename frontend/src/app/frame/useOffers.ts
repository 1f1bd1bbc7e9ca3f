import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import {
  IconKey,
  IconLanguage,
  IconLogout,
  type IconProps,
  IconShieldCheck,
  IconSunMoon,
  IconUser,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { graphql } from '@/gql';
import { chooseLanguage, languageOf } from '@/lib/i18n/i18n';
import { paths } from '@/lib/paths';
import { useSession } from '@/lib/session/session';
import { overviewFor, pagesFor } from './pages';

const PaletteKeysDocument = graphql(`
  query PaletteKeys($search: String!) {
    keys(filter: { search: $search }, first: 7) {
      edges {
        node {
          id
          number
          label
          state
        }
      }
    }
  }
`);

const PalettePeopleDocument = graphql(`
  query PalettePeople($search: String!) {
    people(search: $search, first: 5) {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`);

interface Shown {
  id: string;
  icon: ComponentType<IconProps>;
  title: string;
  detail: string;
}

type Link = ReturnType<(typeof paths)[keyof typeof paths]>;

/** Something the palette can do: go somewhere or act. */
export type Offer = Shown & ({ link: Link; act?: undefined } | { link?: undefined; act(): void });

/** What fits the words typed: keys and people first, then pages and actions. */
export function useOffers(wanted: string): Offer[] {
  const found = [...useKeyOffers(wanted), ...usePersonOffers(wanted)];
  const fixed = useFixedOffers();
  const lower = wanted.toLocaleLowerCase();
  const matching = fixed.filter((offer) => offer.title.toLocaleLowerCase().includes(lower));
  return [...found, ...useEntryOffers(wanted), ...matching];
}

function useKeyOffers(wanted: string): Offer[] {
  const { t } = useTranslation();
  const allowed = useSession().permissions.has('KEYS_VIEW');
  const pause = wanted === '' || !allowed;
  const [{ data }] = useQuery({ query: PaletteKeysDocument, variables: { search: wanted }, pause });
  if (pause) return [];
  return (data?.keys.edges ?? []).map(({ node }) => ({
    id: node.id,
    icon: IconKey,
    title: `${node.number} ${node.label}`,
    detail: t(`states.${node.state}`),
    link: paths.key(node.id),
  }));
}

function usePersonOffers(wanted: string): Offer[] {
  const { t } = useTranslation();
  const allowed = useSession().permissions.has('PEOPLE_VIEW');
  const pause = wanted === '' || !allowed;
  const [{ data }] = useQuery({ query: PalettePeopleDocument, variables: { search: wanted }, pause });
  if (pause) return [];
  return (data?.people.edges ?? []).map(({ node }) => ({
    id: node.id,
    icon: IconUser,
    title: node.name,
    detail: t('palette.person'),
    link: paths.people({ q: node.name }),
  }));
}

function useEntryOffers(wanted: string): Offer[] {
  const { t } = useTranslation();
  const seq = /^#?(\d{1,19})$/.exec(wanted)?.[1];
  if (!seq) return [];
  const title = t('palette.entry', { seq });
  return [
    { id: 'entry', icon: IconShieldCheck, title, detail: t('palette.proof'), link: paths.integrity({ seq }) },
  ];
}

function useFixedOffers(): Offer[] {
  const { t, i18n } = useTranslation();
  const { permissions, signOut } = useSession();
  const { setColorScheme } = useMantineColorScheme();
  const other = useComputedColorScheme('light') === 'dark' ? 'light' : 'dark';
  const detail = t('palette.action');
  return [
    ...[...pagesFor(permissions), ...overviewFor(permissions)].map(({ name, icon, link }) => ({
      id: name,
      icon,
      title: t(`pages.${name}`),
      detail: t('palette.page'),
      link,
    })),
    {
      id: 'theme',
      icon: IconSunMoon,
      title: t(`frame.theme.${other}`),
      detail,
      act: () => setColorScheme(other),
    },
    {
      id: 'language',
      icon: IconLanguage,
      title: t('frame.otherLanguage'),
      detail,
      act: () => void chooseLanguage(i18n, languageOf(i18n) === 'en' ? 'lv' : 'en'),
    },
    { id: 'sign-out', icon: IconLogout, title: t('frame.signOut'), detail, act: () => void signOut() },
  ];
}

import { linkOptions } from '@tanstack/react-router';
import type {
  AlertSeverity,
  AlertState,
  ArchiveState,
  KeyState,
  LogFilter,
  Outcome,
  ReviewState,
  Stream,
} from '@/gql/graphql';

/** What the calendar shows, as it stands in the address. */
export interface CalendarSearch {
  from?: string | undefined;
  day?: string | undefined;
  /** The day's week instead of the day alone. */
  view?: 'week' | undefined;
  group?: string | undefined;
  building?: string | undefined;
}

/** Which keys are listed, as it stands in the address. */
export interface KeysSearch {
  q?: string | undefined;
  states?: KeyState[] | undefined;
  group?: string | undefined;
  building?: string | undefined;
  holder?: string | undefined;
}

/** Which count is shown, as it stands in the address; none is where a new one begins. */
export interface InventorySearch {
  count?: string | undefined;
}

/** Which sign-ins are listed, as it stands in the address. */
export interface SignInsSearch {
  action?: string | undefined;
  outcome?: Outcome | undefined;
  source?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** Which entries of all streams are listed, as it stands in the address. Ends are days or wall clock readings. */
export interface TimelineSearch {
  streams?: Stream[] | undefined;
  /** Who acted or is concerned. */
  person?: string | undefined;
  /** Who acted. */
  actor?: string | undefined;
  action?: string | undefined;
  module?: string | undefined;
  entityType?: string | undefined;
  entity?: string | undefined;
  keyNumber?: string | undefined;
  source?: string | undefined;
  outcome?: Outcome | undefined;
  /** For those with the right to review; needs a beginning. */
  review?: ReviewState | undefined;
  /** Words that lie in plain in the entries. */
  text?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** Whose hours are shown and of when, as it stands in the address: of today, where no day is named. */
export interface HoursSearch {
  by?: 'day' | 'week' | 'month' | 'year' | undefined;
  day?: string | undefined;
  person?: string | undefined;
  department?: string | undefined;
}

/** Which alerts are listed, and which one is open, as it stands in the address. */
export interface AlertsSearch {
  states?: AlertState[] | undefined;
  severities?: AlertSeverity[] | undefined;
  alert?: string | undefined;
}

/** Which approvals are listed: those that wait unless said otherwise. */
export interface ApprovalsSearch {
  show?: 'decided' | undefined;
}

export interface PeopleSearch {
  q?: string | undefined;
  /** Only those who left and still hold keys. */
  left?: 'keys' | undefined;
}

/** Which requests to erase people are listed, and whom the dialog that asks for one is about ("somebody": to be chosen). */
export interface PrivacySearch {
  show?: 'decided' | undefined;
  erase?: string | undefined;
}

export interface AccessSearch {
  q?: string | undefined;
}

/** Which entry is proved, and which of keytrail's own entries are listed: of one action, or all, and of one program. */
export interface IntegritySearch {
  seq?: string | undefined;
  log?: string | undefined;
  source?: string | undefined;
}

/** Which archives are listed. Ends are days. */
export interface KeepingSearch {
  stream?: Stream | undefined;
  state?: ArchiveState | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** Every address of the app. Nothing else in the app writes one. */
export const paths = {
  calendar: (search: CalendarSearch = {}) => linkOptions({ to: '/', search }),
  keys: (search: KeysSearch = {}) => linkOptions({ to: '/keys', search }),
  key: (id: string) => linkOptions({ to: '/keys/$keyId', params: { keyId: id } }),
  keyGroups: () => linkOptions({ to: '/keys/groups' }),
  approvals: (search: ApprovalsSearch = {}) => linkOptions({ to: '/approvals', search }),
  inventory: (search: InventorySearch = {}) => linkOptions({ to: '/keys/inventory', search }),
  desk: () => linkOptions({ to: '/desk' }),
  timeline: (search: TimelineSearch = {}) => linkOptions({ to: '/timeline', search }),
  overview: (search: TimelineSearch = {}) => linkOptions({ to: '/timeline/overview', search }),
  signIns: (search: SignInsSearch = {}) => linkOptions({ to: '/sign-ins', search }),
  hours: (search: HoursSearch = {}) => linkOptions({ to: '/hours', search }),
  people: (search: PeopleSearch = {}) => linkOptions({ to: '/people', search }),
  alerts: (search: AlertsSearch = {}) => linkOptions({ to: '/alerts', search }),
  alertRules: () => linkOptions({ to: '/alerts/rules' }),
  access: (search: AccessSearch = {}) => linkOptions({ to: '/access', search }),
  account: () => linkOptions({ to: '/account' }),
  tokens: () => linkOptions({ to: '/tokens' }),
  webhooks: () => linkOptions({ to: '/webhooks' }),
  keeping: (search: KeepingSearch = {}) => linkOptions({ to: '/keeping', search }),
  integrity: (search: IntegritySearch = {}) => linkOptions({ to: '/integrity', search }),
  security: () => linkOptions({ to: '/security' }),
  privacy: (search: PrivacySearch = {}) => linkOptions({ to: '/privacy', search }),
  myData: () => linkOptions({ to: '/my-data' }),
};

/**
 * Where the browser goes to sign in with an identity provider, to come back to the present page, and why it came back
 * from there without success.
 */
export function externalSignIn(startPath: string, here: { pathname: string; search: string }) {
  const back = here.pathname === '/sign-in' ? '/' : here.pathname + here.search;
  return {
    href: `${startPath}?return=${encodeURIComponent(back)}`,
    failed: here.pathname === '/sign-in' ? new URLSearchParams(here.search).get('failed') : null,
  };
}

/** The page of a one-time link, which needs nobody signed in. The link's secret is the fragment. */
export const setPasswordPath = '/set-password';

/** The page of displays on walls, which need nobody signed in, and where they ask. */
export const wall = { path: '/wall', endpoint: '/wall/graphql' };

/** What the server gives as files: lists of keys to be saved, and what is printed. */
export const files = {
  keys: (format: 'csv' | 'xlsx', { q, states, group, building, holder }: KeysSearch) => {
    const filter = { search: q, states: states?.join(','), group, building, holder };
    const given = Object.entries(filter).filter((each): each is [string, string] => Boolean(each[1]));
    const query = new URLSearchParams(given).toString();
    return `/export/keys.${format}${query && `?${query}`}`;
  },
  /** Movements of some days in a row, of the display zone; the last is included. */
  movements: (format: 'csv' | 'xlsx', from: string, to: string, { group, building }: CalendarSearch) => {
    const given = Object.entries({ from, to, group, building }).filter((each): each is [string, string] =>
      Boolean(each[1]),
    );
    return `/export/movements.${format}?${new URLSearchParams(given)}`;
  },
  /** The compliance report of some days, of the display zone; both are included. */
  compliance: (format: 'pdf' | 'json', from: string, to: string, language: string) =>
    `/export/compliance.${format}?${new URLSearchParams({ from, to, lang: language })}`,
  /** What proves the entries of a filter, or those that are named by number, to somebody outside. */
  caseBundle: (what: LogFilter | { entries: readonly string[] }) => {
    const given = Object.entries(what).flatMap(([name, value]) =>
      value ? [[name, Array.isArray(value) ? value.join(',') : String(value)]] : [],
    );
    return `/export/bundle.zip?${new URLSearchParams(given)}`;
  },
  receipt: (loan: string, language: string) => `/print/receipt/${loan}.pdf?lang=${language}`,
  person: (id: string) => `/export/person/${id}.zip`,
  personPrint: (id: string, language: string) => `/print/person/${id}.pdf?lang=${language}`,
  certificate: (request: string, language: string) => `/print/erasure/${request}.pdf?lang=${language}`,
  labels: (keys: readonly string[]) => `/print/labels.pdf?ids=${keys.join(',')}`,
};

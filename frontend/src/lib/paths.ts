import { linkOptions } from '@tanstack/react-router';
import type { KeyState, Outcome } from '@/gql/graphql';

/** What the calendar shows, as it stands in the address. */
export interface CalendarSearch {
  from?: string | undefined;
  day?: string | undefined;
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

/** Which sign-ins are listed, as it stands in the address. */
export interface SignInsSearch {
  action?: string | undefined;
  outcome?: Outcome | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export interface PeopleSearch {
  q?: string | undefined;
}

/** Which entry is proved, and which of keytrail's own entries are listed: of one action, or all. */
export interface IntegritySearch {
  seq?: string | undefined;
  log?: string | undefined;
}

/** Every address of the app. Nothing else in the app writes one. */
export const paths = {
  calendar: (search: CalendarSearch = {}) => linkOptions({ to: '/', search }),
  keys: (search: KeysSearch = {}) => linkOptions({ to: '/keys', search }),
  key: (id: string) => linkOptions({ to: '/keys/$keyId', params: { keyId: id } }),
  signIns: (search: SignInsSearch = {}) => linkOptions({ to: '/sign-ins', search }),
  people: (search: PeopleSearch = {}) => linkOptions({ to: '/people', search }),
  tokens: () => linkOptions({ to: '/tokens' }),
  integrity: (search: IntegritySearch = {}) => linkOptions({ to: '/integrity', search }),
};

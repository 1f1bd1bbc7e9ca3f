import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import type {
  AlertSeverity,
  AlertState,
  ArchiveState,
  KeyState,
  Outcome,
  ReviewState,
  Stream,
} from '@/gql/graphql';
import type {
  AccessSearch,
  AlertsSearch,
  ApprovalsSearch,
  CalendarSearch,
  HoursSearch,
  IntegritySearch,
  InventorySearch,
  KeepingSearch,
  KeysSearch,
  PeopleSearch,
  PrivacySearch,
  SignInsSearch,
  TimelineSearch,
} from '@/lib/paths';
import { parseSearch, type RawSearch, textIn, wordIn, wordsIn, writeSearch } from '@/lib/search';
import { isBound, isDay } from '@/lib/time/calendar';
import { Frame } from './frame/Frame';
import { NotFound } from './NotFound';
import { PageFailure } from './PageFailure';

const states: readonly KeyState[] = ['AVAILABLE', 'RESERVED', 'ISSUED', 'OVERDUE', 'LOST', 'RETIRED'];
const streams: readonly Stream[] = ['KEY', 'ACTIVITY', 'AUTH', 'WORK', 'SYSTEM'];
const reviewStates: readonly ReviewState[] = ['UNREVIEWED', 'FLAGGED', 'REVIEWED'];
const outcomes: readonly Outcome[] = ['SUCCESS', 'FAILURE', 'DENIED'];

const alertStates: readonly AlertState[] = ['OPEN', 'ACKNOWLEDGED', 'RESOLVED'];
const archiveStates: readonly ArchiveState[] = ['INTACT', 'DAMAGED', 'RESTORED'];
const severities: readonly AlertSeverity[] = ['CRITICAL', 'WARNING', 'NOTICE'];

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });

const calendar = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: (search: RawSearch): CalendarSearch => ({
    from: dayIn(search, 'from'),
    day: dayIn(search, 'day'),
    view: wordIn(search, 'view', ['week']),
    group: textIn(search, 'group'),
    building: textIn(search, 'building'),
  }),
  component: lazyRouteComponent(() => import('@/features/calendar/CalendarPage'), 'CalendarPage'),
});

const keys = createRoute({
  getParentRoute: () => root,
  path: '/keys',
  validateSearch: (search: RawSearch): KeysSearch => ({
    q: textIn(search, 'q'),
    states: wordsIn(search, 'states', states),
    group: textIn(search, 'group'),
    building: textIn(search, 'building'),
    holder: textIn(search, 'holder'),
  }),
  component: lazyRouteComponent(() => import('@/features/keys/KeysPage'), 'KeysPage'),
});

const inventory = createRoute({
  getParentRoute: () => root,
  path: '/keys/inventory',
  validateSearch: (search: RawSearch): InventorySearch => ({ count: textIn(search, 'count') }),
  component: lazyRouteComponent(() => import('@/features/keys/InventoryPage'), 'InventoryPage'),
});

const key = createRoute({
  getParentRoute: () => root,
  path: '/keys/$keyId',
  component: lazyRouteComponent(() => import('@/features/keys/KeyPage'), 'KeyPage'),
});

const keyGroups = createRoute({
  getParentRoute: () => root,
  path: '/keys/groups',
  component: lazyRouteComponent(() => import('@/features/keys/groups/GroupsPage'), 'GroupsPage'),
});

const approvals = createRoute({
  getParentRoute: () => root,
  path: '/approvals',
  validateSearch: (search: RawSearch): ApprovalsSearch => ({ show: wordIn(search, 'show', ['decided']) }),
  component: lazyRouteComponent(() => import('@/features/approvals/ApprovalsPage'), 'ApprovalsPage'),
});

/** The desk fills the screen: nothing of the frame is around it. */
const desk = createRoute({
  getParentRoute: () => root,
  path: '/desk',
  staticData: { fullScreen: true },
  component: lazyRouteComponent(() => import('@/features/desk/DeskPage'), 'DeskPage'),
});

const timeline = createRoute({
  getParentRoute: () => root,
  path: '/timeline',
  validateSearch: timelineSearch,
  component: lazyRouteComponent(() => import('@/features/timeline/TimelinePage'), 'TimelinePage'),
});

const overview = createRoute({
  getParentRoute: () => root,
  path: '/timeline/overview',
  validateSearch: timelineSearch,
  component: lazyRouteComponent(() => import('@/features/overview/OverviewPage'), 'OverviewPage'),
});

const signIns = createRoute({
  getParentRoute: () => root,
  path: '/sign-ins',
  validateSearch: (search: RawSearch): SignInsSearch => ({
    action: textIn(search, 'action'),
    outcome: wordIn(search, 'outcome', outcomes),
    source: textIn(search, 'source'),
    from: dayIn(search, 'from'),
    to: dayIn(search, 'to'),
  }),
  component: lazyRouteComponent(() => import('@/features/signins/SignInsPage'), 'SignInsPage'),
});

const hours = createRoute({
  getParentRoute: () => root,
  path: '/hours',
  validateSearch: (search: RawSearch): HoursSearch => ({
    by: wordIn(search, 'by', ['day', 'week', 'month', 'year']),
    day: dayIn(search, 'day'),
    person: textIn(search, 'person'),
    department: textIn(search, 'department'),
  }),
  component: lazyRouteComponent(() => import('@/features/hours/HoursPage'), 'HoursPage'),
});

const people = createRoute({
  getParentRoute: () => root,
  path: '/people',
  validateSearch: (search: RawSearch): PeopleSearch => ({
    q: textIn(search, 'q'),
    left: wordIn(search, 'left', ['keys']),
  }),
  component: lazyRouteComponent(() => import('@/features/people/PeoplePage'), 'PeoplePage'),
});

const alerts = createRoute({
  getParentRoute: () => root,
  path: '/alerts',
  validateSearch: (search: RawSearch): AlertsSearch => ({
    states: wordsIn(search, 'states', alertStates),
    severities: wordsIn(search, 'severities', severities),
    alert: textIn(search, 'alert'),
  }),
  component: lazyRouteComponent(() => import('@/features/alerts/AlertsPage'), 'AlertsPage'),
});

const alertRules = createRoute({
  getParentRoute: () => root,
  path: '/alerts/rules',
  component: lazyRouteComponent(() => import('@/features/alerts/rules/RulesPage'), 'RulesPage'),
});

const tokens = createRoute({
  getParentRoute: () => root,
  path: '/tokens',
  component: lazyRouteComponent(() => import('@/features/tokens/TokensPage'), 'TokensPage'),
});

const webhooks = createRoute({
  getParentRoute: () => root,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('@/features/webhooks/WebhooksPage'), 'WebhooksPage'),
});

const keeping = createRoute({
  getParentRoute: () => root,
  path: '/keeping',
  validateSearch: (search: RawSearch): KeepingSearch => ({
    stream: wordIn(search, 'stream', streams),
    state: wordIn(search, 'state', archiveStates),
    from: dayIn(search, 'from'),
    to: dayIn(search, 'to'),
  }),
  component: lazyRouteComponent(() => import('@/features/keeping/KeepingPage'), 'KeepingPage'),
});

const integrity = createRoute({
  getParentRoute: () => root,
  path: '/integrity',
  validateSearch: (search: RawSearch): IntegritySearch => ({
    seq: textIn(search, 'seq'),
    log: textIn(search, 'log'),
    source: textIn(search, 'source'),
  }),
  component: lazyRouteComponent(() => import('@/features/integrity/IntegrityPage'), 'IntegrityPage'),
});

const security = createRoute({
  getParentRoute: () => root,
  path: '/security',
  component: lazyRouteComponent(() => import('@/features/security/SecurityPage'), 'SecurityPage'),
});

const access = createRoute({
  getParentRoute: () => root,
  path: '/access',
  validateSearch: (search: RawSearch): AccessSearch => ({ q: textIn(search, 'q') }),
  component: lazyRouteComponent(() => import('@/features/access/AccessPage'), 'AccessPage'),
});

const privacy = createRoute({
  getParentRoute: () => root,
  path: '/privacy',
  validateSearch: (search: RawSearch): PrivacySearch => ({
    show: wordIn(search, 'show', ['decided']),
    erase: textIn(search, 'erase'),
  }),
  component: lazyRouteComponent(() => import('@/features/privacy/PrivacyPage'), 'PrivacyPage'),
});

const myData = createRoute({
  getParentRoute: () => root,
  path: '/my-data',
  component: lazyRouteComponent(() => import('@/features/mydata/MyDataPage'), 'MyDataPage'),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('@/features/account/AccountPage'), 'AccountPage'),
});

/** The address of the sign-in page leads home for those who are already in. */
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  beforeLoad: () => {
    throw redirect({ to: '/', replace: true });
  },
});

export function createAppRouter() {
  return createRouter({
    routeTree: root.addChildren([
      calendar,
      keys,
      inventory,
      key,
      keyGroups,
      approvals,
      desk,
      timeline,
      overview,
      signIns,
      hours,
      alerts,
      alertRules,
      people,
      integrity,
      security,
      access,
      account,
      privacy,
      myData,
      tokens,
      webhooks,
      keeping,
      signIn,
    ]),
    parseSearch,
    stringifySearch: writeSearch,
    defaultPreload: 'intent',
    defaultErrorComponent: PageFailure,
    scrollRestoration: true,
  });
}

function timelineSearch(search: RawSearch): TimelineSearch {
  return {
    streams: wordsIn(search, 'streams', streams),
    person: textIn(search, 'person'),
    actor: textIn(search, 'actor'),
    action: textIn(search, 'action'),
    module: textIn(search, 'module'),
    text: textIn(search, 'text'),
    entityType: textIn(search, 'entityType'),
    entity: textIn(search, 'entity'),
    keyNumber: textIn(search, 'keyNumber'),
    source: textIn(search, 'source'),
    outcome: wordIn(search, 'outcome', outcomes),
    review: wordIn(search, 'review', reviewStates),
    from: boundIn(search, 'from'),
    to: boundIn(search, 'to'),
  };
}

function dayIn(search: RawSearch, name: string): string | undefined {
  const value = search[name];
  return isDay(value) ? value : undefined;
}

function boundIn(search: RawSearch, name: string): string | undefined {
  const value = search[name];
  return isBound(value) ? value : undefined;
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }

  interface StaticDataRouteOption {
    /** The page has the window to itself. */
    fullScreen?: boolean;
  }
}

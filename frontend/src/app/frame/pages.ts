import {
  IconArchive,
  IconBarcode,
  IconBell,
  IconCalendarMonth,
  IconChartBar,
  IconChecks,
  IconClockHour4,
  IconKey,
  IconLogin2,
  IconPlugConnected,
  type IconProps,
  IconShieldCheck,
  IconTimeline,
  IconUserOff,
  IconUserShield,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { Permission } from '@/gql/graphql';
import { paths } from '@/lib/paths';
import { mayOpenTimeline, timelineNeeds } from '@/lib/session/session';

/** A page as the rail and the palette offer it. */
export interface PageEntry {
  name:
    | 'calendar'
    | 'keys'
    | 'desk'
    | 'approvals'
    | 'timeline'
    | 'signIns'
    | 'hours'
    | 'alerts'
    | 'people'
    | 'access'
    | 'tokens'
    | 'privacy'
    | 'webhooks'
    | 'keeping'
    | 'integrity';
  /** Without one of them the page is not offered; null is for everybody. */
  needs: Permission | readonly Permission[] | null;
  icon: ComponentType<IconProps>;
  /** Pressed after g. */
  letter: string;
  link: (typeof paths)[
    | 'calendar'
    | 'keys'
    | 'desk'
    | 'approvals'
    | 'timeline'
    | 'signIns'
    | 'hours'
    | 'alerts'
    | 'people'
    | 'access'
    | 'tokens'
    | 'privacy'
    | 'webhooks'
    | 'keeping'
    | 'integrity'] extends (...rest: never[]) => infer Link
    ? Link
    : never;
}

const all: PageEntry[] = [
  { name: 'calendar', needs: 'LOGS_KEYS_VIEW', icon: IconCalendarMonth, letter: 'c', link: paths.calendar() },
  { name: 'keys', needs: 'KEYS_VIEW', icon: IconKey, letter: 'k', link: paths.keys() },
  { name: 'desk', needs: 'KEYS_ISSUE', icon: IconBarcode, letter: 'd', link: paths.desk() },
  {
    name: 'approvals',
    needs: ['KEYS_APPROVE', 'KEYS_ISSUE'],
    icon: IconChecks,
    letter: 'f',
    link: paths.approvals(),
  },
  {
    name: 'timeline',
    needs: timelineNeeds,
    icon: IconTimeline,
    letter: 'l',
    link: paths.timeline(),
  },
  { name: 'signIns', needs: 'LOGS_AUTH_VIEW', icon: IconLogin2, letter: 's', link: paths.signIns() },
  {
    name: 'hours',
    needs: ['WORK_VIEW', 'LOGS_WORK_VIEW'],
    icon: IconClockHour4,
    letter: 'h',
    link: paths.hours(),
  },
  { name: 'alerts', needs: 'ALERTS_VIEW', icon: IconBell, letter: 'a', link: paths.alerts() },
  { name: 'integrity', needs: null, icon: IconShieldCheck, letter: 'i', link: paths.integrity() },
  { name: 'people', needs: 'PEOPLE_VIEW', icon: IconUsers, letter: 'p', link: paths.people() },
  { name: 'access', needs: 'ACCESS_MANAGE', icon: IconUserShield, letter: 'r', link: paths.access() },
  { name: 'tokens', needs: 'TOKENS_MANAGE', icon: IconPlugConnected, letter: 't', link: paths.tokens() },
  { name: 'webhooks', needs: 'WEBHOOKS_MANAGE', icon: IconWebhook, letter: 'w', link: paths.webhooks() },
  { name: 'privacy', needs: 'PRIVACY_MANAGE', icon: IconUserOff, letter: 'v', link: paths.privacy() },
  {
    name: 'keeping',
    needs: 'LOGS_CONFIGURE',
    icon: IconArchive,
    letter: 'e',
    link: paths.keeping(),
  },
];

/** The overview of the timeline's entries, which the palette offers and the timeline leads to: for whoever may open that. */
export function overviewFor(permissions: ReadonlySet<Permission>) {
  return mayOpenTimeline(permissions)
    ? [{ name: 'overview' as const, icon: IconChartBar, link: paths.overview() }]
    : [];
}

/** The pages that a phone's bar has room for; the others are one step further. */
const onPhones: readonly PageEntry['name'][] = ['calendar', 'keys', 'desk', 'alerts', 'people'];

/** The pages that a phone offers behind "More": none where the bar holds all. */
export function behindMore(pages: readonly PageEntry[]): PageEntry[] {
  const rest = pages.filter((page) => !onPhones.includes(page.name));
  return pages.length > onPhones.length ? rest : [];
}

/** The pages that the caller may open, in the rail's order. */
export function pagesFor(permissions: ReadonlySet<Permission>): PageEntry[] {
  return all.filter((page) => page.needs === null || [page.needs].flat().some((one) => permissions.has(one)));
}

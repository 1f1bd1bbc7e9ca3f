import { Menu, UnstyledButton } from '@mantine/core';
import { IconDots, IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useOpenAlerts } from '@/components/alerts/AlertFeed';
import { useWaitingApprovals } from '@/components/approvals/ApprovalFeed';
import { Brand } from '@/components/Brand';
import { paths } from '@/lib/paths';
import { useSession } from '@/lib/session/session';
import { behindMore, type PageEntry, pagesFor } from './pages';
import classes from './Rail.module.css';

interface RailProps {
  narrow: boolean;
  toggle(): void;
}

/** The pages: a rail of icons and words, of icons alone, or a bar at the bottom of a phone. */
export function Rail({ narrow, toggle }: RailProps) {
  const { t } = useTranslation();
  const { permissions } = useSession();
  const pages = pagesFor(permissions);
  const rest = behindMore(pages);
  const Icon = narrow ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  return (
    <nav className={classes.rail} data-narrow={narrow || undefined} aria-label={t('frame.pages')}>
      <Link {...paths.calendar()} className={classes.brand} aria-label={t('frame.home')}>
        <Brand />
      </Link>
      <div className={classes.pages}>
        {pages.map((page) => (
          <PageLink key={page.name} page={page} narrow={narrow} behindMore={rest.includes(page)} />
        ))}
        {rest.length > 0 && <More pages={rest} />}
      </div>
      <UnstyledButton
        className={classes.toggle}
        onClick={toggle}
        aria-label={narrow ? t('frame.widen') : t('frame.narrow')}
      >
        <Icon size={18} stroke={1.7} aria-hidden="true" />
      </UnstyledButton>
    </nav>
  );
}

interface PageLinkProps {
  page: PageEntry;
  narrow: boolean;
  /** A phone's bar has no room for it. */
  behindMore: boolean;
}

function PageLink({ page: { name, icon: PageIcon, link }, narrow, behindMore }: PageLinkProps) {
  const { t } = useTranslation();
  return (
    <Link
      {...link}
      className={classes.page}
      data-behind-more={behindMore || undefined}
      activeOptions={{ exact: name === 'calendar', includeSearch: false }}
      title={narrow ? t(`pages.${name}`) : undefined}
    >
      <PageIcon size={19} stroke={1.7} aria-hidden="true" />
      <span className={classes.word}>{t(`pages.${name}`)}</span>
      <PageBadge name={name} />
    </Link>
  );
}

/** On a phone, the pages that its bar has no room for. */
function More({ pages }: { pages: readonly PageEntry[] }) {
  const { t } = useTranslation();
  return (
    <Menu position="top-end" width={220} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className={`${classes.page} ${classes.morePages}`}>
          <IconDots size={19} stroke={1.7} aria-hidden="true" />
          <span className={classes.word}>{t('frame.morePages')}</span>
          {pages.map(({ name }) => (
            <PageBadge key={name} name={name} />
          ))}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {pages.map(({ name, icon: PageIcon, link }) => (
          <Menu.Item
            key={name}
            leftSection={<PageIcon size={18} stroke={1.7} aria-hidden="true" />}
            renderRoot={(props) => <Link {...link} {...props} />}
          >
            {t(`pages.${name}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** What waits on a page, where something does. */
function PageBadge({ name }: { name: PageEntry['name'] }) {
  if (name === 'alerts') return <OpenAlerts />;
  return name === 'approvals' ? <WaitingApprovals /> : null;
}

/** How many alerts are open, where there are any. */
function OpenAlerts() {
  const { t } = useTranslation();
  const open = useOpenAlerts();
  return <Badge count={open} words={t('alerts.openCount', { count: open })} />;
}

/** How many approvals wait for the reader, where there are any. */
function WaitingApprovals() {
  const { t } = useTranslation();
  const waiting = useWaitingApprovals();
  return <Badge count={waiting} words={t('approvals.waitingCount', { count: waiting })} />;
}

function Badge({ count, words }: { count: number; words: string }) {
  if (count === 0) return null;
  return (
    <span className={classes.badge} title={words}>
      <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
      <span className={classes.hidden}>{words}</span>
    </span>
  );
}

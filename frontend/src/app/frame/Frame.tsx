import { Outlet, useMatches } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AlertFeed } from '@/components/alerts/AlertFeed';
import { ApprovalFeed } from '@/components/approvals/ApprovalFeed';
import { OfflineStripe } from '@/components/connection/OfflineStripe';
import { MovementFeed } from '@/components/movement/MovementFeed';
import { store, stored } from '@/lib/storage';
import { CommandPalette } from './CommandPalette';
import classes from './Frame.module.css';
import { Rail } from './Rail';
import { Shortcuts } from './Shortcuts';
import { TopBar } from './TopBar';
import { useGlobalKeys } from './useGlobalKeys';

/** What every page stands on, the feeds of movements, alerts and approvals, and what surrounds all but those that fill the screen. */
export function Frame() {
  const fullScreen = useMatches({ select: (matches) => matches.some((each) => each.staticData.fullScreen) });
  return (
    <MovementFeed>
      <AlertFeed>
        <ApprovalFeed>{fullScreen ? <Outlet /> : <Surroundings />}</ApprovalFeed>
      </AlertFeed>
    </MovementFeed>
  );
}

/** Rail, top bar, palette and shortcuts. */
function Surroundings() {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<'palette' | 'shortcuts' | null>(null);
  const [narrow, setNarrow] = useState(() => stored('rail') === 'narrow');
  useGlobalKeys({
    palette: () => setDialog('palette'),
    shortcuts: () => setDialog('shortcuts'),
  });
  const toggleRail = () => {
    store('rail', narrow ? 'wide' : 'narrow');
    setNarrow(!narrow);
  };
  return (
    <div className={classes.frame} data-narrow={narrow || undefined}>
      <a className={classes.skip} href="#content">
        {t('frame.skip')}
      </a>
      <Rail narrow={narrow} toggle={toggleRail} />
      <TopBar openPalette={() => setDialog('palette')} openShortcuts={() => setDialog('shortcuts')} />
      <main className={classes.main} id="content" tabIndex={-1}>
        <OfflineStripe />
        <Outlet />
      </main>
      <CommandPalette opened={dialog === 'palette'} close={() => setDialog(null)} />
      <Shortcuts opened={dialog === 'shortcuts'} close={() => setDialog(null)} />
    </div>
  );
}

import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { I18nextProvider } from 'react-i18next';
import { Announcer } from '@/components/feedback/announce';
import { createTranslator } from '@/lib/i18n/i18n';
import { wall } from '@/lib/paths';
import { createAppRouter } from './router';
import { SessionGate } from './session/SessionGate';
import { theme } from './theme';

const WallPage = lazy(() =>
  import('@/features/ops/WallPage').then((module) => ({ default: module.WallPage })),
);

export function App() {
  const [translator] = useState(() => createTranslator());
  const [router] = useState(() => createAppRouter());
  const [themeStore] = useState(() => localStorageColorSchemeManager({ key: 'keytrail.theme' }));
  return (
    <I18nextProvider i18n={translator}>
      <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={themeStore}>
        <Announcer>
          {window.location.pathname === wall.path ? (
            <Suspense>
              <WallPage />
            </Suspense>
          ) : (
            <SessionGate>
              <RouterProvider router={router} />
            </SessionGate>
          )}
        </Announcer>
      </MantineProvider>
    </I18nextProvider>
  );
}

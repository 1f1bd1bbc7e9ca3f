import type { BrowserContextOptions } from 'playwright-core';

/** How somebody looks at the app: the window, the colours and the language. */
export interface Look {
  name: string;
  options: BrowserContextOptions;
}

const wide = { width: 1440, height: 900 };
const narrow = { width: 360, height: 740 };

/** The two looks of which nothing is alike. */
const unlike: Look[] = [
  { name: '1440-light-en', options: { viewport: wide, colorScheme: 'light', locale: 'en-GB' } },
  { name: '360-dark-lv', options: { viewport: narrow, colorScheme: 'dark', locale: 'lv-LV' } },
];

const between: Look[] = [
  { name: '1440-dark-lv', options: { viewport: wide, colorScheme: 'dark', locale: 'lv-LV' } },
  { name: '360-light-en', options: { viewport: narrow, colorScheme: 'light', locale: 'en-GB' } },
];

/**
 * In what looks pages are held to accessibility rules and to their width: two, and with KEYTRAIL_LOOKS=all the two
 * between them, too, in which nothing is that is in neither.
 */
export const looks: Look[] = process.env.KEYTRAIL_LOOKS === 'all' ? [...unlike, ...between] : unlike;

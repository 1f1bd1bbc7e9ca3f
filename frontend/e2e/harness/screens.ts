import { alerts } from './screens/alerts';
import type { Screen } from './screens/go';
import { keys } from './screens/keys';
import { log } from './screens/log';
import { operations } from './screens/operations';
import { people } from './screens/people';

/** Every page with something on it, in the sample organisation; one may go on where the one before left. */
export const screens: Screen[] = [...keys, ...alerts, ...people, ...log, ...operations];

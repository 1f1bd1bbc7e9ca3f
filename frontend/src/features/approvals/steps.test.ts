import { expect, it } from 'vitest';
import { stepsFor } from './steps';

const by = (id: string) => ({ __typename: 'Person' as const, id, name: id });

it.each([
  ['a request of somebody else is approved or refused', 'PENDING', true, 'anna', ['refuse', 'approve']],
  ['his own he can only take back', 'PENDING', false, 'marta', ['cancel']],
  ['his own offers no decision whatever the server says', 'PENDING', true, 'marta', ['cancel']],
  ['without the right there is nothing to do', 'PENDING', false, 'anna', []],
  ['what was approved is over', 'APPROVED', false, 'marta', []],
  ['what has expired is over', 'EXPIRED', true, 'anna', []],
] as const)('%s', (_, state, mayDecide, requestedBy, steps) => {
  expect(stepsFor({ state, mayDecide, requestedBy: by(requestedBy) }, 'marta')).toEqual(steps);
});

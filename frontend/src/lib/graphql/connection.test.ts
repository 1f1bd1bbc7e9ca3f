import { expect, it } from 'vitest';
import { ConnectionMonitor, shownState } from './connection';

it('a lost connection is called offline only after some patience, or when the browser is off the network', () => {
  let clock = 1_000;
  const monitor = new ConnectionMonitor(() => clock);
  expect(shownState(monitor.snapshot(), true, clock)).toBe('connecting');
  monitor.enter('live');
  expect(shownState(monitor.snapshot(), true, clock)).toBe('live');
  expect(shownState(monitor.snapshot(), false, clock)).toBe('offline');
  monitor.enter('lost');
  expect(shownState(monitor.snapshot(), true, clock + 5_000)).toBe('reconnecting');
  clock += 15_000;
  monitor.enter('lost');
  expect(shownState(monitor.snapshot(), true, clock + 10_000)).toBe('offline');
});

it('the age of the last event never goes back', () => {
  const monitor = new ConnectionMonitor(() => 5_000);
  monitor.event();
  monitor.event(3_000);
  expect(monitor.snapshot().lastEvent).toBe(5_000);
});

// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useSoonWhenShown } from './useSoonWhenShown';

let hidden = false;
beforeEach(() => {
  hidden = false;
  vi.useFakeTimers();
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
});
afterEach(() => vi.useRealTimers());

function see(shown: boolean) {
  hidden = !shown;
  act(() => void document.dispatchEvent(new Event('visibilitychange')));
}

it('runs once for many calls, and again for later ones', () => {
  const run = vi.fn();
  const { result } = renderHook(() => useSoonWhenShown(run, 5_000));
  for (let n = 0; n < 50; n++) result.current();
  vi.advanceTimersByTime(4_999);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledTimes(1);
  result.current();
  vi.advanceTimersByTime(5_000);
  expect(run).toHaveBeenCalledTimes(2);
});

it('waits while the page is hidden, and runs once as soon as it is seen', () => {
  const run = vi.fn();
  const { result } = renderHook(() => useSoonWhenShown(run, 5_000));
  see(false);
  for (let n = 0; n < 3; n++) {
    result.current();
    vi.advanceTimersByTime(5_000);
  }
  expect(run).not.toHaveBeenCalled();
  see(true);
  expect(run).toHaveBeenCalledTimes(1);
  see(false);
  see(true);
  expect(run).toHaveBeenCalledTimes(1);
});

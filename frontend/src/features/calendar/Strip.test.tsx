// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { fakeServer, renderSignedIn } from '@/testing/render';
import { Strip } from './Strip';

function setup(language: 'en' | 'lv' = 'en') {
  const open = vi.fn();
  const shift = vi.fn();
  const counts = new Map([
    ['2026-11-22', { date: '2026-11-22', issued: 14, returned: 11, reserved: 3, due: 5 }],
  ]);
  const view = renderSignedIn(
    <Strip from="2026-11-15" today="2026-11-22" day="2026-11-22" counts={counts} open={open} shift={shift} />,
    { ...fakeServer({}), language },
  );
  return { ...view, open, shift };
}

it('the strip has 37 days, today the eighth, each told in words', () => {
  setup();
  const days = screen.getAllByRole('button');
  expect(days).toHaveLength(37);
  expect(days[7]?.getAttribute('aria-current')).toBe('date');
  expect(days[7]?.getAttribute('aria-label')).toMatch(
    /Sunday.* 22 November 2026, Today, 14 issued, 11 returned, 3 reserved, 5 due/,
  );
});

it('tells Monday and Friday apart in Latvian', () => {
  setup('lv');
  const text = (day: string) => document.querySelector(`[data-day="${day}"]`)?.textContent;
  expect([text('2026-11-16'), text('2026-11-20')]).toEqual(['Pr16', 'Pk20']);
});

it('arrow keys move the day and Enter opens it', async () => {
  const { user, open } = setup();
  await user.tab();
  expect(document.activeElement?.getAttribute('data-day')).toBe('2026-11-22');
  await user.keyboard('{ArrowRight}{ArrowRight}{ArrowLeft}');
  expect(document.activeElement?.getAttribute('data-day')).toBe('2026-11-23');
  expect(open).not.toHaveBeenCalled();
  await user.keyboard('{Enter}');
  expect(open).toHaveBeenCalledWith('2026-11-23');
});

it('moving beyond the first day asks for an earlier window', async () => {
  const { user, shift } = setup();
  await user.tab();
  await user.keyboard('{Home}{ArrowLeft}');
  expect(shift).toHaveBeenCalledTimes(1);
  expect(shift.mock.calls[0]?.[0]).toBeLessThan(0);
});

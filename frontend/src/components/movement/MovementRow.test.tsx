// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { fakeServer, renderSignedIn } from '@/testing/render';
import { MovementRow } from './MovementRow';
import type { Movement } from './movement';

const markup = '<img src=x onerror="alert(1)"><script>alert(2)</script>';

it.each([
  markup,
  '\u202egpj.exe \u2066x',
  'محمد כהן',
  'a\u200bb\u200d',
  '👩‍👩‍👧‍👦 🇱🇻',
  `Z${'\u0300'.repeat(190)}`,
])('shows a name and a comment as the text that they are: %j', (odd) => {
  const movement = {
    id: '1',
    seq: '1',
    action: 'key.issued',
    occurredAt: '2026-11-22T10:31:00Z',
    key: null,
    entity: { label: '9' },
    holder: { id: 'p', name: odd },
    actor: { id: 'a', name: odd },
    comment: odd,
  } as unknown as Movement;
  const { container } = renderSignedIn(<MovementRow movement={movement} open={vi.fn()} />, fakeServer({}));
  const name = screen.getByText((_, element) => element?.tagName === 'STRONG');
  expect(name.textContent).toBe(odd);
  expect(container.querySelectorAll('img, script')).toHaveLength(0);
  expect(screen.getByTitle((title) => title === odd).textContent).toContain(
    odd.replace(/[\u2066-\u2069]/g, ''),
  );
});

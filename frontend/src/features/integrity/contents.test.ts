import { expect, it } from 'vitest';
import { contentsOf } from './contents';

const body = {
  action: 'key.issued',
  actor: '01930000-0000-7000-8000-000000000001',
  entity: { id: '01930000-0000-7000-8000-000000000002', label: '101', type: 'key' },
  id: '01930000-0000-7000-8000-000000000003',
  occurredAt: '2026-11-22T08:31:07.000000Z',
  person: '01930000-0000-7000-8000-000000000004',
};

it('reads from the bytes of an entry who did what to what', () => {
  const { entity, ...rest } = body;
  expect(contentsOf(JSON.stringify(body))).toEqual({
    ...rest,
    entity: `key · 101 · ${entity.id}`,
  });
});

it('leaves out what an entry does not have, and reads nothing into what is no entry', () => {
  const { id, action, occurredAt } = body;
  const bare = { id, action, occurredAt, actor: null, person: null, entity: null };
  expect(contentsOf(JSON.stringify({ id, action, occurredAt, person: 7 }))).toEqual(bare);
  for (const text of ['', 'null', '[]', '{}', '{"id":1}']) expect(contentsOf(text)).toBeNull();
});

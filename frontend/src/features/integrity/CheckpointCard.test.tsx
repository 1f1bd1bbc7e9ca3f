// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { toBase64 } from '@/lib/tlog/bytes';
import { fakeServer, renderSignedIn } from '@/testing/render';
import { TestLog } from '@/testing/tlog';
import { CheckpointCard } from './CheckpointCard';

it('shows what is signed, not what the server says beside it', async () => {
  const log = new TestLog(['{"entry":0}', '{"entry":1}']);
  const { fetch } = fakeServer({});
  const note = await log.note(2);
  const said = {
    origin: 'another.example/log',
    size: '1234',
    rootHash: toBase64(new Uint8Array(32)),
    signedAt: '2026-11-22T10:31:00Z',
  };
  renderSignedIn(<CheckpointCard checkpoint={{ ...said, note, verifierKey: log.verifierKey }} />, { fetch });
  screen.getByText(log.name);
  screen.getByText('2');
  screen.getByTitle(note.split('\n')[2] ?? '');
  for (const unsigned of ['another.example/log', '1,234']) expect(screen.queryByText(unsigned)).toBeNull();
  expect(screen.queryByTitle(said.rootHash)).toBeNull();
});

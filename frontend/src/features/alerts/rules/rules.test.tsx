// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { fakeServer, renderSignedIn } from '@/testing/render';
import { RuleForm } from './RuleForm';

const preview = (count: number) => ({
  data: {
    previewAlertRule: {
      __typename: 'AlertRulePreview',
      count,
      days: [],
      examples: [],
      entriesRead: 9,
      truncated: false,
      from: '2026-11-01T00:00:00Z',
    },
  },
});

/** Opens the form of a new rule on a server whose answers to previews are held back until let go. */
function openForm() {
  const waiting: (() => void)[] = [];
  const { fetch } = fakeServer({ PreviewAlertRule: () => preview(waiting.length) });
  const held: typeof fetch = async (...request) => {
    await new Promise<void>((letGo) => waiting.push(letGo));
    return fetch(...request);
  };
  return { waiting, ...renderSignedIn(<RuleForm rule={null} close={() => {}} saved={() => {}} />, { fetch: held }) };
}

it('announces how many alerts there would have been, and not the whole preview', async () => {
  const { waiting } = openForm();
  fireEvent.click(screen.getByText('Try on the last 30 days'));
  await waitFor(() => expect(waiting).toHaveLength(1));
  waiting[0]?.();
  const summary = await screen.findByText('1 alert in the last 30 days');
  expect(summary.getAttribute('aria-live')).toBe('polite');
  expect(document.querySelector('section')?.closest('[aria-live]')).toBeNull();
});

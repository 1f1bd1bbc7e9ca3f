// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
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
      entriesLate: 2,
      truncated: false,
      from: '2026-11-01T00:00:00Z',
    },
  },
});

/** Opens the form of a new rule on a server that holds each answer to a preview back until it is let go. */
function openForm() {
  const waiting: (() => void)[] = [];
  let answered = 0;
  let counted = 0;
  const { fetch } = fakeServer({ PreviewAlertRule: () => preview(counted) });
  const held: typeof fetch = async (...request) => {
    const nth = waiting.length + 1;
    await new Promise<void>((letGo) => waiting.push(letGo));
    counted = nth;
    const answer = await fetch(...request);
    answered += 1;
    return answer;
  };
  const rendered = renderSignedIn(<RuleForm rule={null} close={() => {}} saved={() => {}} />, {
    fetch: held,
  });
  return { waiting, answered: () => answered, ...rendered };
}

it('shows no answer to a preview of what was changed meanwhile', async () => {
  const { waiting, answered } = openForm();
  const attempt = () => fireEvent.click(screen.getByText('Try on the last 30 days'));
  attempt();
  await waitFor(() => expect(waiting).toHaveLength(1));
  fireEvent.change(screen.getByLabelText('Actions'), { target: { value: 'order.deleted' } });
  attempt();
  await waitFor(() => expect(waiting).toHaveLength(2));
  waiting[1]?.();
  await screen.findByText('2 alerts in the last 30 days');
  waiting[0]?.();
  await waitFor(() => expect(answered()).toBe(2));
  await act(async () => {});
  expect(screen.getByText('2 alerts in the last 30 days')).not.toBeNull();
});

it('announces how many alerts there would have been, and not the whole preview', async () => {
  const { waiting } = openForm();
  fireEvent.click(screen.getByText('Try on the last 30 days'));
  await waitFor(() => expect(waiting).toHaveLength(1));
  waiting[0]?.();
  const summary = await screen.findByText('1 alert in the last 30 days');
  expect(summary.getAttribute('aria-live')).toBe('polite');
  expect(
    summary.closest('[role="dialog"]')?.querySelectorAll('[aria-live] ol, [aria-live] ul, [aria-live] table'),
  ).toHaveLength(0);
});

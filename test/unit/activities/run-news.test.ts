import { MockActivityEnvironment } from '@temporalio/testing';
import type { Client } from '@temporalio/client';
import { incidentRunActivities } from '../../../activities/incident-runs.ts';

const passed = { phase: 'passed', verdict: 'pass', approvals: [{ by: 'ann' }] };
const busy = () => Promise.reject(new Error('no worker answers'));

/** Of a run with that status in Temporal, whose worker answers as the list says; the last answer stays. */
async function newsOf(status: string, ...answers: (() => Promise<unknown>)[]) {
  let asked = 0;
  const handle = {
    describe: () => Promise.resolve({ status: { name: status }, typedSearchAttributes: { get: () => 'running' } }),
    query: () => answers[Math.min(asked++, answers.length - 1)]?.(),
  };
  const client = {
    workflow: { getHandle: () => handle },
    connection: { withDeadline: (_: number, ask: () => unknown) => ask() },
    withAbortSignal: (_: AbortSignal, work: () => unknown) => work(),
  } as unknown as Client;
  const environment = new MockActivityEnvironment({}, { client });
  return environment.run(incidentRunActivities.awaitRunNews, { run: 'restore/demo/1', known: 'running' });
}

test.each(['COMPLETED', 'FAILED', 'CANCELLED'])(
  'a run that has ended by itself (%s) while its worker is too busy to answer is asked again, not taken as lost',
  async (status) => {
    expect(await newsOf(status, busy, () => Promise.resolve(passed))).toMatchObject({
      phase: 'passed',
      verdict: 'pass',
      approvedBy: ['ann'],
    });
  },
);

test.each(['TERMINATED', 'TIMED_OUT'])('one that was cut off (%s) has failed, whoever answers', async (status) => {
  expect(await newsOf(status, busy)).toMatchObject({
    verdict: 'fail',
    failure: { message: `it was ended in Temporal (${status.toLowerCase()})` },
  });
});

test('one whose code failed before it could say how it ended has failed', async () => {
  const under = { phase: 'running', approvals: [] };
  expect(await newsOf('FAILED', () => Promise.resolve(under))).toMatchObject({ phase: 'failed', verdict: 'fail' });
});

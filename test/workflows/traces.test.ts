import type { WorkflowHandle } from '@temporalio/client';
import { exportTrace } from '../../operations/traces/export-trace.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { approve } from '../../workflows/messages.ts';
import { startReceiver, type Answer } from '../receiver.ts';
import { test } from './announcing.ts';
import { inPhase } from './scene.ts';

const exports = async (handle: WorkflowHandle) => {
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter(
    ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name === 'exportTrace',
  ).length;
};

/** The activity, told of a collector that answers so. */
async function collector(atEnd: (close: () => unknown) => void, answer?: () => Answer) {
  const receiver = await startReceiver(answer);
  atEnd(() => receiver.close());
  const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_TIMEOUT: '2000' };
  const overrides = { exportTrace: (call: Parameters<typeof exportTrace>[1]) => exportTrace(variables, call) };
  return { received: receiver.received, overrides };
}

describe('the trace of a run', () => {
  test('is exported when it has ended, with the time that people took', async ({ atEnd, openScene }) => {
    const { received, overrides } = await collector(atEnd);
    const { start, restorePlan } = await openScene({ policy: { approval: 'required', traced: true }, overrides });
    const handle = await start('restore');
    await inPhase(handle, 'waiting for approval');
    await handle.executeUpdate(approve, { args: [{ planHash: restorePlan.hash, by: 'ann' }] });
    const report = (await handle.result()) as RunProgress;
    expect(report.notes).toBeUndefined();
    // Of the restore, and of the backup at its end.
    const names = received.flatMap(({ body }) => [...body.matchAll(/"name":"([^"]+)"/g)].map(([, name]) => name));
    expect(names).toEqual(
      expect.arrayContaining([`restore ${report.platform}`, `backup ${report.platform}`, 'wait for approval']),
    );
    expect(names).toEqual(expect.arrayContaining(report.steps.map(({ title }) => title)));
  });

  test('that no collector takes changes no verdict: a note', async ({ atEnd, openScene }) => {
    const { overrides } = await collector(atEnd, () => ({ status: 400 }));
    const { start, journal } = await openScene({ policy: { traced: true }, overrides });
    const handle = await start('backup');
    const note = `The trace of ${handle.workflowId} could not be exported: the collector answered 400`;
    expect(await handle.result()).toMatchObject({ phase: 'passed', verdict: 'pass', notes: [note] });
    expect(journal.reports.at(-1)).toMatchObject({ notes: [note] });
  });

  test('is not exported where no collector is configured: no extra command', async ({ openScene }) => {
    const { start } = await openScene();
    const handle = await start('backup');
    await handle.result();
    expect(await exports(handle)).toBe(0);
  });
});

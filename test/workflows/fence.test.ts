import { ApplicationFailure } from '@temporalio/activity';
import { failed, warned } from '../../domain/checks.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { decide } from '../../workflows/messages.ts';
import { inPhase, progressOf, test } from './scene.ts';

const restarted = warned('fence', 'demo_api_1 had been started by somebody else', 'find out who');

/** A container that the plan does not name runs at that moment, the first time. */
const joinedBefore = (moment: string) => (what: string, attempt: number) => {
  if (what !== `fence ${moment}` || attempt > 1) return undefined;
  throw ApplicationFailure.create({
    type: 'ClientJoined',
    message: 'reporting_1 can reach the data services',
    nonRetryable: true,
    details: [{ remedy: 'stop it', checks: [restarted, failed('fence', 'reporting_1', 'stop it')] }],
  });
};

test('a core service that was started again is stopped, and the report warns of it', async ({ openScene }) => {
  const { start, journal } = await openScene({
    onStep: (what) =>
      what === 'fence indices are restored' ? { summary: 'stopped again', checks: [restarted] } : undefined,
  });
  const report = (await (await start('restore')).result()) as RunProgress;
  expect(report).toMatchObject({ phase: 'passed', verdict: 'pass' });
  expect(report.checks).toContainEqual(restarted);
  const order = (what: string) => journal.began.indexOf(what);
  expect(order('fence data moves')).toBeLessThan(order('quarantineVolume demo_es-data'));
  expect(order('fence indices are restored')).toBeLessThan(order('restoreIndices documents'));
  expect(order('fence core starts')).toBeLessThan(order('startService api'));
});

describe('another client joins before the first data moves', () => {
  test('the run asks, although nothing is lost yet; once it is stopped, retry goes on', async ({ openScene }) => {
    const { start, journal } = await openScene({ onStep: joinedBefore('data moves') });
    const handle = await start('restore');
    const { pendingDecisions, pointOfNoReturn } = await inPhase(handle, 'waiting for decision');
    expect(pendingDecisions).toMatchObject([
      { step: 'fence-before-data-moves', failure: { kind: 'ClientJoined', remedy: 'stop it' } },
    ]);
    expect(pendingDecisions[0]?.choices.map(({ choice }) => choice)).toEqual(['retry', 'abort']);
    expect(pendingDecisions[0]?.choices[1]?.meaning).toContain('stopped services start again');
    expect(pointOfNoReturn?.passedAt).toBeUndefined();
    expect(journal.began.some((what) => what.startsWith('quarantineVolume'))).toBe(false);
    await handle.executeUpdate(decide, { args: [{ step: 'fence-before-data-moves', choice: 'retry', by: 'ann' }] });
    const report = (await handle.result()) as RunProgress;
    expect(report.verdict).toBe('pass');
    // What the failed attempt had to stop is not forgotten.
    expect(report.checks.filter(({ name }) => name === 'fence')).toEqual([restarted]);
  });

  test('abort undoes everything: the platform runs as before', async ({ openScene }) => {
    const { start, journal } = await openScene({ onStep: joinedBefore('data moves') });
    const handle = await start('restore');
    await inPhase(handle, 'waiting for decision');
    await handle.executeUpdate(decide, { args: [{ step: 'fence-before-data-moves', choice: 'abort', by: 'ann' }] });
    await handle.result().catch(() => undefined);
    const progress = await progressOf(handle);
    expect(progress.checks.filter(({ name }) => name === 'fence')).toHaveLength(2);
    expect(progress.steps.find(({ id }) => id === 'stop-elasticsearch')?.status).toBe('undone');
    expect(journal.ended).toContain('startService elasticsearch');
  });
});

test('past the point of no return a person may let the other client run; the verdict is then not pass', async ({
  openScene,
}) => {
  const { start } = await openScene({ onStep: joinedBefore('core starts') });
  const handle = await start('restore');
  const { pendingDecisions } = await inPhase(handle, 'waiting for decision');
  expect(pendingDecisions[0]?.choices.map(({ choice }) => choice)).toEqual(['retry', 'skip', 'abort', 'rollback']);
  await handle.executeUpdate(decide, { args: [{ step: 'fence-before-core-starts', choice: 'skip', by: 'ann' }] });
  await handle.result().catch(() => undefined);
  expect((await progressOf(handle)).verdict).toBe('fail');
});

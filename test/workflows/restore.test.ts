import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { failed, type Check } from '../../domain/checks.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { plan as planQuery } from '../../workflows/messages.ts';
import { whollyGone } from '../demo-situation.ts';
import { fakePlatform, refusal } from './fake-platform.ts';
import { detailsOf, failureOf, gate, inPhase, isLocked, progressOf, test, until, type Scene } from './scene.ts';
import { waitFor } from '../wait-for.ts';

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

describe('a restore that goes well', () => {
  test('does its steps in the order of the plan, independent ones side by side', async ({ openScene }) => {
    const both = { elasticsearch: gate(), zookeeper: gate() };
    const { journal, start, restorePlan } = await openScene({
      async onStep(what) {
        // Each start waits for the other to begin: one after the other they would never end.
        if (what === 'startService elasticsearch') both.elasticsearch.open();
        if (what === 'startService zookeeper') both.zookeeper.open();
        if (/^startService (elasticsearch|zookeeper)$/.test(what))
          await Promise.all([both.elasticsearch.passed, both.zookeeper.passed]);
        return undefined;
      },
    });
    const handle = await start('restore');
    const report = (await handle.result()) as RunProgress;

    expect(report).toMatchObject({ phase: 'passed', verdict: 'pass', planHash: restorePlan.hash });
    expect(report.steps.every(({ status }) => status === 'done')).toBe(true);
    const order = (what: string) => journal.ended.indexOf(what);
    expect(journal.ended.slice(0, 6)).toEqual([
      'pauseSchedules',
      'repeatPreflight',
      'recordDeployment',
      'stopService job-distributor',
      'stopService job-executor',
      'stopService api',
    ]);
    expect(order('quarantineVolume demo_es-data')).toBeGreaterThan(order('stopService elasticsearch'));
    expect(journal.began.indexOf('startService api')).toBeGreaterThan(order('verifyQueue jobs'));
    expect(journal.began.indexOf('startService api')).toBeGreaterThan(order('verifyIndices documents'));
    expect(order('smokeCheck')).toBeGreaterThan(order('startService job-distributor'));
    // The fresh backup at the end, as a run of its own within this one's lock.
    expect(journal.ended.at(-1)).toBe('publishRecoveryPoint');
    expect(journal.reports.map(({ kind }) => kind)).toEqual(['backup', 'restore']);
    expect(journal.proven).toEqual(['2026-11-21t0930z']);
  });

  test('shows itself while it goes on: queries, details page, search attributes', async ({ openScene }) => {
    const hold = gate();
    const scene = await openScene({
      onStep: async (what) => {
        if (what === 'restoreIndices documents') await hold.passed;
        return undefined;
      },
    });
    const handle = await scene.start('restore');
    const running = await until(handle, ({ steps }) =>
      steps.some(({ id, status }) => id === 'restore-documents' && status === 'running'),
    );
    expect(running.phase).toBe('running');
    expect(running.pointOfNoReturn?.passedAt).toBeDefined();
    expect(await handle.query(planQuery)).toEqual(scene.restorePlan);

    const currentDetails = await detailsOf(handle);
    expect(currentDetails).toContain(`## restore of ${scene.platform}: running`);
    expect(currentDetails).toMatch(/▶ \| restore indices documents/);
    expect(currentDetails).toMatch(/✔ \| stop service api \| \d\d:\d\d:\d\d \| \d+\.\d/);
    hold.open();
    await handle.result();

    const { typedSearchAttributes } = await handle.describe();
    expect(typedSearchAttributes.get(keyword('RekindleKind'))).toBe('restore');
    expect(typedSearchAttributes.get(keyword('RekindlePlatform'))).toBe(scene.platform);
    expect(typedSearchAttributes.get(keyword('RekindlePhase'))).toBe('passed');
    expect(typedSearchAttributes.get(keyword('RekindleVerdict'))).toBe('pass');
    expect(typedSearchAttributes.get(keyword('RekindleRecoveryPoint'))).toBe('2026-11-21t0930z');
    expect(await detailsOf(handle)).toContain('passed (pass)');
  });

  test('leaves no lock behind', async ({ openScene }) => {
    const scene = await openScene();
    await (await scene.start('restore')).result();
    expect(await isLocked(scene)).toBe(false);
  });
});

test('preflight refuses: the workflow fails, says why, and no step ran', async ({ openScene }) => {
  const scene = await openScene({
    overrides: {
      prepareRestore: () =>
        Promise.resolve({ checks: [failed('images', 'stack/api:1 is missing', 'load the image stack/api:1')] }),
    },
  });
  const handle = await scene.start('restore');
  const failure = await failureOf(handle);
  expect(failure.type).toBe('PreflightRefused');
  expect(failure.message).toContain('images');
  expect(failure.remedy).toContain('rekindle check');
  expect(await progressOf(handle)).toMatchObject({
    phase: 'refused',
    steps: [],
    failure: { kind: 'PreflightRefused' },
    checks: [{ name: 'images', remedy: 'load the image stack/api:1' }],
  });
  expect((await progressOf(handle)).verdict).toBeUndefined();
  expect(scene.journal.began).toEqual([]);
  expect(await isLocked(scene)).toBe(false);
});

test('a plan with a check that is inconclusive is refused, too', async ({ openScene }) => {
  const checks: Check[] = [{ name: 'space', verdict: 'inconclusive', evidence: 'unknown', remedy: 'look' }];
  const { restorePlan: plan } = fakePlatform({ platform: 'demo', taskQueue: 'none' });
  const { start } = await openScene({ overrides: { prepareRestore: () => Promise.resolve({ plan, checks }) } });
  expect((await failureOf(await start('restore'))).type).toBe('PreflightRefused');
});

test('bad input ends at once, as what it is', async ({ openScene }) => {
  const scene = await openScene({
    overrides: { locate: () => Promise.reject(refusal('UnknownPlatform', 'there is no platform file')) },
  });
  const handle = await scene.start('restore');
  expect(await failureOf(handle)).toMatchObject({ type: 'UnknownPlatform', remedy: 'Repair the test' });
  expect(await progressOf(handle)).toMatchObject({ phase: 'refused' });
  expect((await failureOf(await scene.start('restore', { platform: '' }, '2'))).type).toBe('InvalidArgument');
});

describe('the verdict', () => {
  test('is not pass when a check found something: the workflow fails, the report says what', async ({ openScene }) => {
    const scene = await openScene({
      onStep: (what) =>
        what === 'smokeCheck' ? { summary: 'odd', checks: [failed('count', '3 of 4', 'look')] } : undefined,
    });
    const handle = await scene.start('restore');
    const failure = await failureOf(handle);
    expect(failure.type).toBe('VerificationFailed');
    expect(failure.message).toContain('count: 3 of 4');
    expect(await progressOf(handle)).toMatchObject({ phase: 'failed', verdict: 'fail' });
    expect(scene.journal.proven).toEqual([]);
    expect(scene.journal.reports.at(-1)).toMatchObject({ verdict: 'fail' });
  });

  test('is not pass when nothing was checked', async ({ openScene }) => {
    const scene = await openScene({
      onStep: (what) => (what.startsWith('publish') ? undefined : { summary: 'done, unseen' }),
    });
    const handle = await scene.start('restore');
    expect((await failureOf(handle)).message).toContain('nothing was checked');
    expect((await progressOf(handle)).verdict).toBe('inconclusive');
  });
});

describe('a server that is away', () => {
  test('is waited out: the step is tried again and the run passes', async ({ openScene }) => {
    const scene = await openScene({
      onStep(what, attempt) {
        if (what === 'awaitStore documents' && attempt < 3) throw refusal('ElasticsearchUnreachable');
        return undefined;
      },
    });
    const report = (await (await scene.start('restore')).result()) as RunProgress;
    expect(report.verdict).toBe('pass');
    expect(scene.journal.began.filter((what) => what === 'awaitStore documents')).toHaveLength(3);
  });

  test('for longer than an outage may last: a person is asked', async ({ openScene }) => {
    const scene = await openScene({
      policy: { outageSeconds: 1 },
      onStep(what) {
        if (what === 'awaitStore documents') throw refusal('ElasticsearchUnreachable', 'nobody answers');
        return undefined;
      },
    });
    const handle = await scene.start('restore');
    const { pendingDecisions } = await inPhase(handle, 'waiting for decision');
    expect(pendingDecisions[0]).toMatchObject({
      step: 'await-documents',
      failure: { kind: 'ElasticsearchUnreachable', message: 'nobody answers', remedy: 'Repair the test' },
    });
  });
});

describe('the fresh backup at the end', () => {
  test('takes another id when its own is taken', async ({ openScene }) => {
    const scene = await openScene({
      onStep: async (what) => {
        if (what !== 'resumeSchedules') return undefined;
        // Backups that nobody serves, one for each second in which the restore may want to start its own.
        for (let second = 0; second < 30; second++) await occupy(scene, Date.now() + second * 1000);
        return undefined;
      },
    });
    const handle = await scene.start('restore');
    expect(await handle.result()).toMatchObject({ verdict: 'pass' });
    const fresh = scene.journal.reports.find(({ kind }) => kind === 'backup');
    expect(fresh?.run).toMatch(/^backup\/demo-.*Z~[0-9a-f]{8}$/);
    await Promise.all(occupied.map((id) => scene.client.workflow.getHandle(id).terminate('the test is over')));
  });

  test('terminated in Temporal, a person is asked in plain words', async ({ openScene }) => {
    const hold = gate();
    const scene = await openScene({
      onStep: async (what) => {
        if (what === 'takeSnapshot documents') await hold.passed;
        return undefined;
      },
    });
    const handle = await scene.start('restore');
    const backup = await waitFor(
      async () => {
        const query = `RekindleKind = "backup" AND RekindlePlatform = "${scene.platform}"`;
        for await (const found of scene.client.workflow.list({ query })) return found.workflowId;
        throw new Error('not yet');
      },
      { timeout: 40_000, interval: 50 },
    );
    await scene.client.workflow.getHandle(backup).terminate('cleaning up');
    const { pendingDecisions } = await inPhase(handle, 'waiting for decision');
    hold.open();
    expect(pendingDecisions[0]).toMatchObject({
      step: 'fresh-backup',
      failure: { kind: 'RunFailed', message: `${backup} was terminated in Temporal` },
    });
  });

  const occupied: string[] = [];
  async function occupy({ client, platform }: Scene, time: number): Promise<void> {
    const workflowId = `backup/${platform}/${new Date(time).toISOString().slice(0, 19)}Z`;
    await client.workflow.start('backup', { taskQueue: 'nobody', workflowId, args: [{ platform }] });
    occupied.push(workflowId);
  }
});

test('a platform that is wholly gone comes back without any stop', async ({ openScene }) => {
  const scene = await openScene({ situation: { observed: whollyGone() } });
  const report = (await (await scene.start('restore')).result()) as RunProgress;
  expect(report.verdict).toBe('pass');
  expect(scene.journal.ended).toContain('createNetwork demo_back');
  expect(scene.journal.ended.some((what) => /^(stop|quarantine|remove)/.test(what))).toBe(false);
});

test('a report that cannot be written is said, and undoes nothing', async ({ openScene }) => {
  const scene = await openScene({
    overrides: { writeReport: () => Promise.reject(refusal('CatalogueRefused', 'read-only')) },
  });
  const report = (await (await scene.start('restore')).result()) as RunProgress;
  expect(report).toMatchObject({ verdict: 'pass', note: expect.stringContaining('read-only') as string });
});

import { Client } from '@elastic/elasticsearch';
import type { Plan } from '../../../domain/plans/plan.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { elasticsearchUrl, withElasticsearch } from '../../../stack/clients.ts';
import { expecting } from '../../expecting.ts';
import { readAgain } from '../copy/reader.ts';
import { facts, snapshotOfEngine, useScenario, useVariant } from '../harness/index.ts';

// The other ways in which indices come back into the living platform: swapped in, replaced, with a queue that is made of
// them, with everything running; and what is refused. The tests follow one story.

const scenario = useScenario({ fresh: true });
const variant = useVariant(scenario);
const ask = (...args: string[]) => scenario.rekindle(args, { environment: variant.environment });
const restore = (indices: string, ...more: string[]) =>
  ask('restore', scenario.platform.project, '--indices', indices, '--point', facts().point, '--json', ...more);
const withClient = <T>(work: (client: Client) => Promise<T>) => withElasticsearch(scenario.platform, work);

beforeAll(async () => {
  await variant.write((file) => {
    (file['deployment'] as Record<string, unknown>)['uses'] = { 'job-executor': ['nuvla-event', 'nuvla-job'] };
  });
  await scenario.startWorker(variant.environment);
});
// Names are aliases now, and jobs were run twice.
afterAll(() => scenario.spoil());

function passed(ended: Awaited<ReturnType<typeof restore>>): RunProgress {
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0, json: { kind: 'copy', verdict: 'pass' } });
  return ended.json as RunProgress;
}

const countOf = (index: string) => withClient(async (client) => (await client.count({ index })).count);
const indicesOf = (name: string) =>
  withClient(async (client) => Object.keys(await client.indices.get({ index: name })));
const seeded = (index: string) => facts().seeded.documents[index];

/** Which containers run, and since when. */
async function starts(): Promise<Record<string, string>> {
  const { containers } = await snapshotOfEngine();
  return Object.fromEntries(containers.map(({ name, id, startedAt }) => [name, `${id} ${startedAt}`]));
}
async function restartedBy(work: () => Promise<unknown>): Promise<string[]> {
  const before = await starts();
  await work();
  const after = await starts();
  return Object.keys(before).filter((name) => before[name] !== after[name]);
}

test('refused before anything is touched: a name that nothing has, and an index that is there', async () => {
  const before = await starts();
  const nothing = await restore('no-such-*', '--yes');
  expecting(nothing, nothing.stdout + nothing.stderr).toMatchObject({ exitCode: 3 });
  expect(nothing.stdout + nothing.stderr).toContain('no-such-*');
  const there = await restore('nuvla-event', '--existing', 'fail', '--yes');
  expecting(there, there.stdout + there.stderr).toMatchObject({ exitCode: 3 });
  expect(there.stdout + there.stderr).toContain('nuvla-event is there already');
  expect(await starts()).toEqual(before);
});

test('damaged: swapped in under its readers, its user stopped just around it', async () => {
  await withClient(async (client) => {
    const { hits } = await client.search({ index: 'nuvla-event', size: 100, _source: false });
    const operations = hits.hits.map(({ _id = '' }) => ({ delete: { _index: 'nuvla-event', _id } }));
    await client.bulk({ operations, refresh: true });
  });
  const dry = await restore('nuvla-event', '--dry-run');
  const { steps, pointOfNoReturn } = (dry.json as { plan: Plan }).plan;
  const ids = steps.map(({ id }) => id);
  expect(pointOfNoReturn).toBe('swap-aliases');
  expect(ids.indexOf('stop-job-executor')).toBeGreaterThan(ids.indexOf('verify-1'));

  // Its index is deleted in the moment of the swap: a search that is under way may be refused, and is repeated.
  const client = new Client({ node: await elasticsearchUrl(scenario.platform), maxRetries: 3 });
  try {
    const reader = readAgain(client, ['nuvla-event']);
    const restarted = await restartedBy(async () => {
      const run = passed(await restore('nuvla-event', '--yes'));
      expect(run.planHash).toBe((dry.json as { plan: Plan }).plan.hash);
    });
    expect(restarted.map((name) => /job-executor/.test(name))).toEqual([true, true]);
    expect((await reader.stop()).faults).toEqual([]);
  } finally {
    await client.close();
  }
  expect(await countOf('nuvla-event')).toBe(seeded('nuvla-event'));
  const [restored = ''] = await indicesOf('nuvla-event');
  expect(restored).toBe(`nuvla-event-${facts().point}`);
});

test('once more, now that the name is an alias: it moves, and the index that it meant stays and is named', async () => {
  const [before = ''] = await indicesOf('nuvla-event');
  const run = passed(await restore('nuvla-event', '--yes'));
  const [after = ''] = await indicesOf('nuvla-event');
  expect(after).toBe(`${before}-2`);
  expect(await indicesOf(before)).toEqual([before]);
  expect(run.steps.find(({ id }) => id === 'swap-aliases')?.summary).toContain(before);
});

test('an index of jobs, with everything running on: nothing is stopped, and its queue is made again', async () => {
  const restarted = await restartedBy(async () => {
    const run = passed(await restore('nuvla-job', '--keep-running', '--yes'));
    expect(run.steps.map(({ id }) => id).filter((id) => /^(stop|start)-/.test(id))).toEqual([]);
  });
  expect(restarted).toEqual([]);
});

test('several by a pattern and an exception, replaced: deleted first, by their identity', async () => {
  await withClient((client) => client.index({ index: 'nuvla-user', document: { id: 'user/late' }, refresh: true }));
  const run = passed(await restore('nuvla-user,nuvla-mod*,-nuvla-event*', '--existing', 'replace', '--yes'));
  expect(run.steps.map(({ id }) => id)).toContain('remove-1');
  for (const index of ['nuvla-user', 'nuvla-module']) {
    expect(await indicesOf(index)).toEqual([index]);
    expect(await countOf(index)).toBe(seeded(index));
  }
});

test('while one is under way, a second ends at once', async () => {
  const first = restore('nuvla-event', '--yes');
  await scenario.openRun('copy');
  const second = await restore('nuvla-user', '--yes');
  expect(second.stdout + second.stderr).toContain('PlatformBusy');
  expect(second.exitCode).not.toBe(0);
  passed(await first);
});

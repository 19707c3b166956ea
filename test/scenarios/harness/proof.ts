import type { Client } from '@elastic/elasticsearch';
import { runReport } from '../../../api/schemas/report.ts';
import type { RunReport } from '../../../domain/reports/run-report.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { elasticsearchClient, jobState, postJob, withZookeeper } from '../../../stack/clients.ts';
import type { DemoPlatform } from '../../../stack/demo-platform.ts';
import { eventually } from '../../../stack/engine.ts';
import { upAgain } from '../../../stack/up-again.ts';
import { fingerprintsOf } from './content.ts';
import { facts } from './facts.ts';
import type { Scenario } from './scenario.ts';
import { expecting } from '../../expecting.ts';

/**
 * The platform is what it was at the first backup and works: looked at with the platform's own tools, nothing of
 * Rekindle's.
 */
export async function expectAlive({ platform }: Scenario): Promise<void> {
  const client = await elasticsearchClient(platform);
  try {
    await expectContent(client);
    await expectNoTraces(client);
    await expectQueueOfJobs(platform, client);
  } finally {
    await client.close();
  }
  const job = await postJob(platform, { action: 'start_deployment', target: 'deployment/after-restore', priority: 0 });
  await eventually(`${job} done`, 40, async () => expect(await jobState(platform, job)).toBe('SUCCESS'));
  expect(await upAgain(platform)).toEqual([]);
}

async function expectContent(client: Client): Promise<void> {
  const { seeded, fingerprints } = facts();
  expect(await fingerprintsOf(client, seeded)).toEqual(fingerprints);
  expect(await client.indices.existsAlias({ name: seeded.alias })).toBe(true);
  const closed = { index: seeded.closedIndex, h: 'status', format: 'json' } as const;
  expect(await client.cat.indices(closed)).toEqual([{ status: 'close' }]);
  expect(await client.indices.existsIndexTemplate({ name: 'nuvla-archive' })).toBe(true);
}

/** Throttles as they were, the repository writable; only the cluster's note of where it came from stays. */
async function expectNoTraces(client: Client): Promise<void> {
  const { transient, persistent } = await client.cluster.getSettings({ flat_settings: true });
  const names = [...Object.keys(transient), ...Object.keys(persistent)];
  expect(names.filter((name) => !name.startsWith('cluster.metadata.rekindle.'))).toEqual([]);
  const repositories = await client.snapshot.getRepository();
  expect(Object.keys(repositories)).toEqual(['s3_backup']);
  expect((repositories['s3_backup'] as { settings?: { readonly?: string } }).settings?.readonly ?? 'false').toBe(
    'false',
  );
}

/** Each job that waits has its entry. Jobs go on: a look may come between two writes. */
async function expectQueueOfJobs(platform: DemoPlatform, client: Client): Promise<void> {
  await eventually('the queue is that of the jobs', 15, async () => {
    const queued = await waitingJobs(client);
    const entries = await withZookeeper(platform, async (zookeeper) => {
      const names = await zookeeper.children('/job/entries');
      const values = await Promise.all(names.map((name) => zookeeper.read(`/job/entries/${name}`).catch(() => '')));
      return new Set(values.filter(Boolean));
    });
    expect([...queued].filter((id) => !entries.has(id))).toEqual([]);
  });
}

async function waitingJobs(client: Client): Promise<Set<string>> {
  await client.indices.refresh({ index: 'nuvla-job' });
  const { hits } = await client.search<{ id: string }>({
    index: 'nuvla-job',
    size: 10_000,
    query: { bool: { filter: { term: { state: 'QUEUED' } }, must_not: { term: { 'execution-mode': 'pull' } } } },
    _source: ['id'],
  });
  return new Set(hits.hits.flatMap(({ _source }) => _source?.id ?? []));
}

/** What a run that passed says of itself, on the command line and in the catalogue, with no field that the published schema lacks; answers the report. */
export async function expectPassed(
  { rekindle }: Scenario,
  ended: { exitCode: number; stdout: string; stderr: string; json: unknown },
): Promise<RunReport> {
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
  const progress = ended.json as RunProgress;
  expect(progress).toMatchObject({ phase: 'passed', verdict: 'pass' });
  expect(progress.steps.filter(({ status }) => status !== 'done')).toEqual([]);
  const report = await rekindle(['report', progress.run, '--json']);
  expect(report).toMatchObject({ exitCode: 0, json: { run: progress.run, verdict: 'pass' } });
  expect(runReport.parse(report.json)).toEqual(report.json);
  return report.json as RunReport;
}

export interface PointLine {
  id: string;
  provenAt?: string;
  bad: boolean;
}

export async function pointsOf({ rekindle, platform }: Scenario): Promise<PointLine[]> {
  const { json, stderr } = await rekindle(['points', platform.project, '--json']);
  expecting(json, stderr).toMatchObject({ warnings: [] });
  return (json as { points: PointLine[] }).points;
}

import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client as ElasticsearchClient } from '@elastic/elasticsearch';
import type { Client as TemporalClient } from '@temporalio/client';
import { elasticsearchClient, withZookeeper } from '../stack/clients.ts';
import type { DemoPlatform } from '../stack/demo-platform.ts';
import { containersOf, engine, eventually, nameOf } from '../stack/engine.ts';
import { engineFacts } from './engine-facts.ts';
import { dataFolder } from '../stack/shapes.ts';
import type { Content, Facts } from './oracle.ts';
import type { World } from './world.ts';

const jobs = 'nuvla-job';

/** The platform and all around it, looked at with its own tools, nothing of Rekindle's but the list of points. */
export async function factsOf(world: World, platform: DemoPlatform): Promise<Facts> {
  const client = await elasticsearchClient(platform);
  try {
    const missingEntries = await entriesMissing(platform, client);
    return {
      ...(await contentOf(client)),
      missingEntries,
      services: await servicesOf(platform),
      ...(await engineFacts()),
      quarantine: await quarantineOf(world),
      // A server that is busy on a loaded machine lets a question time out; only what it says counts.
      ...(await eventually('Temporal tells what runs', 60, async () =>
        temporalFacts(await world.client(), platform.name),
      )),
      ...(await clusterFacts(client)),
      points: await pointsOf(world, platform),
    };
  } finally {
    await client.close();
  }
}

/** By index `<count> documents, <digest>`, of a closed index that it is; and the ids of the jobs. */
export async function contentOf(client: ElasticsearchClient): Promise<Content> {
  const listed = await client.cat.indices({
    index: 'nuvla-*',
    h: 'index,status',
    format: 'json',
    expand_wildcards: 'all',
  });
  const others = listed.filter(({ index }) => index !== jobs);
  const entries = others.map(async ({ index = '', status }): Promise<[string, string]> => [
    index,
    status === 'close' ? 'closed' : await fingerprint(client, index),
  ]);
  const alias = await client.indices.getAlias({ name: 'activity-feed' }).catch(() => ({}));
  const template = await client.indices.existsIndexTemplate({ name: 'nuvla-archive' });
  const documents = {
    ...Object.fromEntries(await Promise.all(entries)),
    'alias activity-feed': Object.keys(alias).toSorted().join(' '),
    'template nuvla-archive': template ? 'there' : 'not there',
  };
  return { documents, jobs: await idsOf(client, { match_all: {} }) };
}

async function fingerprint(client: ElasticsearchClient, index: string): Promise<string> {
  await client.indices.refresh({ index });
  const hash = createHash('sha256');
  let after: string[] | undefined;
  let count = 0;
  for (;;) {
    const { hits } = await client.search({
      index,
      size: 2000,
      sort: [{ id: 'asc' }],
      ...(after === undefined ? {} : { search_after: after }),
    });
    for (const { _id, _source } of hits.hits) hash.update(JSON.stringify([_id, _source]));
    count += hits.hits.length;
    after = hits.hits.at(-1)?.sort as string[] | undefined;
    if (hits.hits.length === 0) return `${count} documents, ${hash.digest('hex').slice(0, 12)}`;
  }
}

/** Jobs that wait without an entry. Jobs go on: a look may come between two writes, so only what stays so counts. */
async function entriesMissing(platform: DemoPlatform, client: ElasticsearchClient): Promise<string[]> {
  let missing: string[] = [];
  const look = async () => {
    const waiting = await idsOf(client, waits);
    const entries = await withZookeeper(platform, async (zookeeper) => {
      const names = await zookeeper.children('/job/entries');
      return new Set(await Promise.all(names.map((name) => zookeeper.read(`/job/entries/${name}`).catch(() => ''))));
    });
    missing = waiting.filter((id) => !entries.has(id));
    if (missing.length > 0) throw new Error('Not yet');
  };
  await eventually('each waiting job has its entry', 15, look).catch((error: unknown) => {
    if (missing.length === 0) throw error;
  });
  return missing;
}

const waits = {
  bool: { filter: { term: { state: 'QUEUED' } }, must_not: { term: { 'execution-mode': 'pull' } } },
};

/** Of jobs: far fewer than a search answers at most. */
async function idsOf(client: ElasticsearchClient, query: typeof waits | { match_all: object }): Promise<string[]> {
  await client.indices.refresh({ index: jobs });
  const { hits } = await client.search<{ id: string }>({ index: jobs, size: 10_000, query, _source: ['id'] });
  return hits.hits.flatMap(({ _source }) => _source?.id ?? []);
}

async function servicesOf(platform: DemoPlatform): Promise<Record<string, string>> {
  const entries = (await containersOf(platform.project)).map(async (container): Promise<[string, string]> => {
    const { State, HostConfig, Config } = await engine().getContainer(container.Id).inspect();
    const { Name = 'no', MaximumRetryCount = 0 } = HostConfig.RestartPolicy ?? {};
    return [
      nameOf(container),
      `${State.Running ? 'running' : 'stopped'}, ${Name}:${MaximumRetryCount}, ${Config.Image}`,
    ];
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function quarantineOf({ places }: World): Promise<string[]> {
  const roots = [
    join(places.engineRoot, 'rekindle-quarantine'),
    join(places.platform, dataFolder, '.rekindle-quarantine'),
  ];
  const found = roots.map(async (root) => {
    const runs = await readdir(root).catch(() => []);
    const volumes = runs.map(async (run) => (await readdir(join(root, run))).map((volume) => `${run}/${volume}`));
    return (await Promise.all(volumes)).flat();
  });
  return (await Promise.all(found)).flat().toSorted();
}

async function temporalFacts(
  client: TemporalClient,
  platform: string,
): Promise<Pick<Facts, 'workflows' | 'schedules'>> {
  const schedules: Record<string, boolean> = {};
  for await (const { scheduleId } of client.schedule.list())
    schedules[scheduleId] = (await client.schedule.getHandle(scheduleId).describe()).state.paused;
  return { workflows: await runningWorkflows(client, platform), schedules };
}

/** The list lags behind, so each is asked for itself. The lock ends a moment after its run. */
async function runningWorkflows(client: TemporalClient, platform: string): Promise<string[]> {
  const look = async () => {
    const running: string[] = [];
    for await (const { workflowId } of client.workflow.list({ query: 'ExecutionStatus = "Running"' })) {
      if (!workflowId.includes(platform)) continue;
      const { status } = await client.workflow.getHandle(workflowId).describe();
      if (status.name === 'RUNNING') running.push(workflowId);
    }
    return running;
  };
  const first = await look();
  if (!first.some((id) => id.startsWith('exclusive/'))) return first;
  await new Promise((resolve) => setTimeout(resolve, 3000));
  return look();
}

async function clusterFacts(
  client: ElasticsearchClient,
): Promise<Pick<Facts, 'clusterSettings' | 'repositoryReadonly'>> {
  const { transient, persistent } = await client.cluster.getSettings({ flat_settings: true });
  const names = [...Object.keys(transient), ...Object.keys(persistent)];
  const repositories = (await client.snapshot.getRepository()) as Record<string, { settings?: { readonly?: string } }>;
  const repository = repositories['s3_backup'];
  return {
    clusterSettings: names.filter((name) => !name.startsWith('cluster.metadata.rekindle.')),
    ...(repository ? { repositoryReadonly: repository.settings?.readonly === 'true' } : {}),
  };
}

async function pointsOf(world: World, platform: DemoPlatform): Promise<string[]> {
  const { points } = JSON.parse(await world.demand(['points', platform.name, '--json'])) as {
    points: { id: string; bad: boolean }[];
  };
  return points.filter(({ bad }) => !bad).map(({ id }) => id);
}

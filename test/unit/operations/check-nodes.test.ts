import type { Client } from '@elastic/elasticsearch';
import { checkNodes } from '../../../operations/stores/check-nodes.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { storesOfKind } from '../../../domain/platform.ts';
import { StandingStill } from '../../../systems/docker/standing-still.ts';
import { awaitUsable } from '../../../systems/elasticsearch/health.ts';
import { demoPlatform } from '../../demo-situation.ts';

const platform = demoPlatform();
const [store] = storesOfKind(platform, 'elasticsearch');
store!.otherServices = ['es02', 'es03'];

/** A cluster that some of the nodes have joined; `joining`: how many at each look. */
function clusterOf(names: string[], joining: number[] = []): Client {
  const nodes = Object.fromEntries(names.map((name) => [name, { name, version: '8.19.0' }]));
  const health = () =>
    Promise.resolve({ status: 'green', timed_out: false, number_of_nodes: joining.shift() ?? names.length });
  return {
    cluster: { state: () => Promise.resolve({ cluster_uuid: 'u' }), health },
    nodes: { info: () => Promise.resolve({ nodes }) },
  } as unknown as Client;
}

/** The engine: every service has one container, and `silent` of them do not answer. */
function openWith(silent: Record<string, StandingStill> = {}): OpenPlatform {
  const docker = {
    serviceContainers: (_: unknown, service: string) => Promise.resolve([{ name: `demo_${service}_1`, running: true }]),
    reach: (name: string) =>
      silent[name] ? Promise.reject(silent[name]) : Promise.resolve({ host: name, port: 9200 }),
  };
  return { platform, docker } as unknown as OpenPlatform;
}

test('a node that stops as soon as it is started fails the check, and the remedy names it', async () => {
  const looping = new StandingStill(
    { message: 'Container demo_es03_1 stops as soon as it is started (exit code 78, 5 restarts)', remedy: 'Read why' },
    undefined,
  );
  const cluster = clusterOf(['es01', 'es02']);
  expect(await checkNodes(openWith({ demo_es03_1: looping }), store!, cluster, 3)).toEqual({
    name: 'nodes documents',
    verdict: 'fail',
    evidence: '2 of 3 nodes: es01, es02',
    remedy: 'Container demo_es03_1 stops as soon as it is started (exit code 78, 5 restarts): Read why',
  });
  const apart = await checkNodes(openWith(), store!, cluster, 3);
  expect(apart.remedy).toMatch(/^All of demo_elasticsearch_1, demo_es02_1, demo_es03_1 answer .*discovery.seed_hosts/);
});

test('as many nodes as at the backup pass, and so do more', async () => {
  for (const nodes of [
    ['a', 'b'],
    ['a', 'b', 'c'],
  ])
    expect(await checkNodes(openWith(), store!, clusterOf(nodes), 2)).toMatchObject({ verdict: 'pass' });
});

test('a store is usable once all its nodes have joined', async () => {
  const notes: string[] = [];
  const watch = { onProgress: ({ note }: { note: string }) => notes.push(note) };
  await awaitUsable(clusterOf(['a', 'b', 'c'], [1, 2, 3]), { timeoutSeconds: 30, nodes: 3 }, watch);
  expect(notes).toEqual(['1 of 3 nodes have joined', '2 of 3 nodes have joined']);
  await expect(awaitUsable(clusterOf(['a', 'b']), { timeoutSeconds: 0, nodes: 3 })).rejects.toMatchObject({
    kind: 'ElasticsearchUnreachable',
    message: expect.stringContaining('2 of 3 nodes have joined') as string,
  });
});

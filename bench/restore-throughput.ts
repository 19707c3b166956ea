import type { Client } from '@elastic/elasticsearch';
import { elasticsearchClient } from '../stack/clients.ts';
import { restorePlainly, restoreRaised, type Source } from './rates.ts';
import { say, withRig } from './rig.ts';
import { median } from './timeline.ts';

const INDEX = 'nuvla-telemetry';
const GIGABYTE = 1e9;
/** Inside the container's own file system: on the same disk as the volumes, and gone with the container. */
const FS_LOCATION = '/tmp/bench-repository';
const HEAP_MEGABYTES = 1024;
const ROUNDS = 2;

/**
 * Lets Elasticsearch keep a repository of type `fs` next to that in S3, and gives it a heap of 1 GB: a server that holds
 * real data has more than the demo's 512 MB, and Elasticsearch sizes its snapshot threads by it (by its sources; the
 * difference was not measured here).
 */
const OVERRIDES = `services:
  elasticsearch:
    environment:
      ES_JAVA_OPTS: -Xms${HEAP_MEGABYTES}m -Xmx${HEAP_MEGABYTES}m
      path.repo: ${FS_LOCATION}
`;

/**
 * Restores one index of text that does not compress (3 primaries), plainly at Elasticsearch's default throttle and with
 * Rekindle's raised ones, in turns, from the same snapshot: from S3, then from a file system. Both are kept in memory by
 * the kernel, so it is Elasticsearch and the disk's writing that count.
 */
export async function benchRestoreThroughput(gigabytes: number): Promise<void> {
  const bytes = gigabytes * GIGABYTE;
  await withRig({ seed: { incompressibleBytes: bytes }, overrides: OVERRIDES }, async ({ platform, signal }) => {
    const { bucket, endpoint } = { bucket: platform.buckets.repository, endpoint: platform.s3.endpoint };
    const client = await elasticsearchClient(platform);
    try {
      const ratios: Record<string, number> = {};
      for (const [type, settings] of [
        ['s3', { bucket, endpoint, path_style_access: 'true' }],
        ['fs', { location: FS_LOCATION }],
      ] as const) {
        const { source, size } = await snapshotInto(client, type, settings);
        const rates = { plain: [] as number[], raised: [] as number[] };
        for (let round = 1; round <= ROUNDS; round++) {
          signal.throwIfAborted();
          rates.plain.push(size / 1e6 / (await restorePlainly(client, source)));
          signal.throwIfAborted();
          rates.raised.push(size / 1e6 / (await restoreRaised(client, source)));
          say(`${type} round ${round}: plain ${shown(rates.plain)} MB/s, raised ${shown(rates.raised)} MB/s`);
        }
        ratios[type] = median(rates.raised) / median(rates.plain);
        const figures = `plain ${median(rates.plain).toFixed(0)} MB/s, raised ${median(rates.raised).toFixed(0)} MB/s`;
        say(`${type}: ${(size / GIGABYTE).toFixed(2)} GB in 3 shards, ${figures}; throttles back at the default`);
      }
      for (const [type, ratio] of Object.entries(ratios))
        say(`ratio restore throughput (${type}): ${ratio.toFixed(1)}`);
      say(`ratio restore throughput: ${(ratios['s3'] ?? NaN).toFixed(1)}`);
    } finally {
      await client.close();
    }
  });
}

const shown = (values: number[]) => (values.at(-1) ?? NaN).toFixed(0);

async function snapshotInto(client: Client, type: 's3' | 'fs', settings: Record<string, string>) {
  const repository = `bench_${type}`;
  const unthrottled = { ...settings, max_snapshot_bytes_per_sec: '0' };
  await client.snapshot.createRepository({ name: repository, repository: { type, settings: unthrottled } as never });
  const request = { repository, snapshot: 'snapshot.bench', indices: [INDEX], include_global_state: false };
  const long = { requestTimeout: 3_600_000 };
  const { snapshot } = await client.snapshot.create({ ...request, wait_for_completion: true }, long);
  if (snapshot?.state !== 'SUCCESS')
    throw new Error(`The snapshot into ${repository} ended ${String(snapshot?.state)}`);
  const { snapshots } = await client.snapshot.status({ repository, snapshot: 'snapshot.bench' }, long);
  const size = Number(snapshots[0]?.stats.total.size_in_bytes);
  const { count } = await client.count({ index: INDEX });
  const source: Source = { repository, snapshot: 'snapshot.bench', index: INDEX, documents: count };
  return { source, size };
}

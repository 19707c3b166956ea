import { fileURLToPath } from 'node:url';
import { s3Storage } from '../systems/object-storage/s3.ts';
import { elasticsearchClient } from '../stack/clients.ts';
import { run } from './command.ts';
import { say, withRig, type Rig } from './rig.ts';
import { median } from './timeline.ts';

const INDEX = 'nuvla-telemetry';
const SNAPSHOT = 'snapshot.bench';
const AT_A_TIME = 4;
const ROUNDS = 3;

/**
 * Reads a repository with three files of a third of the size each, in turns: as a scrub does, in a process of its own whose
 * peak of memory is measured; and with curl into sha256sum, one object after another and as many at a time as a scrub reads.
 */
export async function benchScrub(gigabytes: number): Promise<void> {
  await withRig({ seed: { incompressibleBytes: gigabytes * 1e9 } }, async (rig) => {
    await takeSnapshot(rig);
    const objects = await dataObjects(rig);
    const total = objects.reduce((sum, { bytes }) => sum + bytes, 0);
    const largest = Math.max(...objects.map(({ bytes }) => bytes));
    say(`${(total / 1e9).toFixed(2)} GB in ${objects.length} objects, the largest ${(largest / 1e6).toFixed(0)} MB`);
    const rates = { scrub: [] as number[], one: [] as number[], many: [] as number[] };
    let peak = 0;
    for (let round = 1; round <= ROUNDS; round++) {
      const { seconds, bytes, faults, megabytes } = await scrubOnce(rig);
      if (faults > 0) throw new Error(`The scrub found ${faults} faults in a repository that has none`);
      rates.scrub.push(bytes / 1e6 / seconds);
      peak = Math.max(peak, megabytes);
      rates.one.push(total / 1e6 / (await sumOnce(rig, objects, 1)));
      rates.many.push(total / 1e6 / (await sumOnce(rig, objects, AT_A_TIME)));
      const shown = (values: number[]) => (values.at(-1) ?? NaN).toFixed(0);
      say(
        `round ${round}: scrub ${shown(rates.scrub)} MB/s, sha256sum ${shown(rates.one)} MB/s, ${AT_A_TIME} at a time ${shown(rates.many)} MB/s`,
      );
    }
    const ratio = (other: number[]) => (median(rates.scrub) / median(other)).toFixed(2);
    say(`ratio scrub to sha256sum: ${ratio(rates.one)}; to ${AT_A_TIME} at a time: ${ratio(rates.many)}`);
    say(`peak memory of the scrub: ${peak.toFixed(0)} MB`);
  });
}

async function takeSnapshot({ platform }: Rig): Promise<void> {
  const client = await elasticsearchClient(platform);
  const long = { requestTimeout: 3_600_000 };
  try {
    await client.indices.forcemerge({ index: INDEX, max_num_segments: 1 }, long);
    const settings = {
      bucket: platform.buckets.repository,
      endpoint: platform.s3.endpoint,
      path_style_access: 'true',
      max_snapshot_bytes_per_sec: '0',
    };
    await client.snapshot.createRepository({ name: 'bench', repository: { type: 's3', settings } as never });
    const request = { repository: 'bench', snapshot: SNAPSHOT, indices: [INDEX], include_global_state: false };
    const { snapshot } = await client.snapshot.create({ ...request, wait_for_completion: true }, long);
    if (snapshot?.state !== 'SUCCESS') throw new Error(`The snapshot ended ${String(snapshot?.state)}`);
  } finally {
    await client.close();
  }
}

const placeOf = ({ platform: { buckets, s3 } }: Rig) => ({
  bucket: buckets.repository,
  prefix: '',
  endpoint: s3.endpoint,
  region: 'us-east-1',
  accessKey: s3.accessKey,
  secretKey: s3.secretKey,
});

async function dataObjects(rig: Rig): Promise<{ key: string; bytes: number }[]> {
  const found: { key: string; bytes: number }[] = [];
  for await (const object of s3Storage(placeOf(rig)).list('indices/'))
    if (object.key.includes('/__')) found.push(object);
  return found;
}

async function scrubOnce(rig: Rig) {
  const program = fileURLToPath(new URL('scrub-process.js', import.meta.url));
  const environment = { BENCH_PLACE: JSON.stringify(placeOf(rig)), BENCH_INDEX: INDEX, BENCH_SNAPSHOT: SNAPSHOT };
  const { stdout } = await run([process.execPath, program], { environment, signal: rig.signal });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
    seconds: number;
    bytes: number;
    faults: number;
    megabytes: number;
  };
}

/** As an operator would: download each object, and compute its digest. */
async function sumOnce(rig: Rig, objects: readonly { key: string }[], atATime: number): Promise<number> {
  const { bucket, endpoint, accessKey, secretKey } = placeOf(rig);
  const environment = { BENCH_KEYS: `${accessKey}:${secretKey}`, BENCH_BUCKET: `${endpoint}/${bucket}` };
  const each = `curl --fail --silent --aws-sigv4 aws:amz:us-east-1:s3 --header "x-amz-content-sha256: UNSIGNED-PAYLOAD" --user "$BENCH_KEYS" "$BENCH_BUCKET/$1" | sha256sum`;
  const all = `printf '%s\\n' ${objects.map(({ key }) => `'${key}'`).join(' ')} | xargs -P ${atATime} -n 1 bash -o pipefail -c '${each}' _`;
  return (await run(['bash', '-c', all], { environment, signal: rig.signal })).seconds;
}

import type { Client } from '@elastic/elasticsearch';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { elasticsearchClient } from '../../../stack/clients.ts';
import { incompressible } from '../../../stack/seed-content.ts';
import type { ObjectStorage } from '../../../systems/object-storage/object-storage.ts';
import { s3Storage } from '../../../systems/object-storage/s3.ts';
import { engineNow, expectMessage, expectPassed } from '../faults-tools/message.ts';
import { useVariants, type Variants } from '../faults-tools/variants.ts';
import { type EngineSnapshot, pointsOf, type Scenario, useScenario } from '../harness/index.ts';
import { expecting } from '../../expecting.ts';

// What the files of this folder share. Imports see the present values of what `useBackups` sets.

export const telemetry = 'nuvla-telemetry';
export let scenario: Scenario;
export let variants: Variants;
export let client: Client;
export let name: string;
export let bucket: ObjectStorage;
export let before: { engine: EngineSnapshot; snapshots: string[]; points: string[] };

export const snapshots = async (repository = 's3_backup') => {
  const { snapshots: found = [] } = await client.snapshot.get({ repository, snapshot: '*' });
  return found.map(({ snapshot }) => snapshot).toSorted();
};
export const points = async () => (await pointsOf(scenario)).map(({ id }) => id).toSorted();
export const registered = async () =>
  (await client.snapshot.getRepository({ name: 's3_backup' }))['s3_backup'] as unknown as {
    type: string;
    settings: Record<string, string>;
  };
/** As a person changes it with curl. */
export const register = async (settings: Record<string, string>) => {
  const { type, settings: old } = await registered();
  await client.snapshot.createRepository({
    name: 's3_backup',
    repository: { type, settings: { ...old, ...settings } } as never,
  });
};
export const write = async (megabytes: number, seed: string) => {
  const documents = [...incompressible(megabytes * 1e6, seed)];
  for (let start = 0; start < documents.length; start += 100)
    await client.bulk({
      index: telemetry,
      operations: documents.slice(start, start + 100).flatMap((document) => [{ create: {} }, document]),
    });
  await client.indices.flush({ index: telemetry });
};
export const keysOf = async (prefix: string) => {
  const keys: string[] = [];
  for await (const { key } of bucket.list(prefix)) keys.push(key);
  return keys;
};

/** A backup that ends badly: its message, and nothing of it left. */
export async function expectFailed(kind: string, exitCode: number, says: (string | RegExp)[]): Promise<void> {
  const ended = await variants.rekindle(['backup', name]);
  await expectMessage(scenario, ended, exitCode, says);
  const document = await variants.rekindle(['status', name, '--json']);
  expecting((document.json as RunProgress).failure?.kind, document.stdout).toBe(kind);
}

/** The platform untouched, and neither a recovery point nor half a snapshot more. */
export const nothingLeft = async () => {
  expect(await points()).toEqual(before.points);
  expect(await engineNow()).toEqual(before.engine);
  expect(await snapshots()).toEqual(before.snapshots);
};

/** Opens the shared platform for one file of tests, with an index of some megabytes and a backup that holds it. */
export function useBackups(): void {
  scenario = useScenario({ fresh: true });
  variants = useVariants(scenario);
  beforeAll(async () => {
    name = scenario.platform.project;
    const { s3, buckets } = scenario.platform;
    const { endpoint, accessKey, secretKey } = s3;
    bucket = s3Storage({ bucket: buckets.repository, prefix: '', endpoint, region: 'us-east-1', accessKey, secretKey });
    client = await elasticsearchClient(scenario.platform);
    await variants.startWorker();
    await client.indices.create({
      index: telemetry,
      settings: { number_of_shards: 1, number_of_replicas: 0 },
      mappings: { dynamic: false, properties: { payload: { type: 'text', index: false } } },
    });
    await write(4, 'first');
    expectPassed(await variants.rekindle(['backup', name]));
  });
  beforeEach(async () => {
    await variants.write();
    before = { engine: await engineNow(), snapshots: await snapshots(), points: await points() };
  });
  afterEach(() => client.indices.delete({ index: 'nuvla-nowhere', ignore_unavailable: true }));
  afterAll(async () => {
    await client.indices.delete({ index: [telemetry, 'nuvla-nowhere', 'nuvla-damaged'], ignore_unavailable: true });
    await client.close();
    // The repository as it was: what these tests spoiled is not for others.
    await scenario.spoil();
  });
}

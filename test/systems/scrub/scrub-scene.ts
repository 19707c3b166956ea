import { randomBytes } from 'node:crypto';
import { BucketVersioningStatus, DeleteObjectCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import type { Client } from '../../../systems/elasticsearch/client.ts';
import { ensureRepository } from '../../../systems/elasticsearch/repository/repository.ts';
import { takeSnapshot } from '../../../systems/elasticsearch/snapshots/take-snapshot.ts';
import type { ObjectStorage } from '../../../systems/object-storage/object-storage.ts';
import { s3Objects } from '../../../systems/object-storage/s3-objects.ts';
import { s3Storage } from '../../../systems/object-storage/s3.ts';
import type { ScrubbedBucket } from '../../../operations/scrub/bucket.ts';
import type { StorePoint } from '../../../operations/scrub/held-points.ts';
import { connectWithKeys } from '../elasticsearch/with-repository-keys.ts';
import { createIndex, seedDocuments } from '../elasticsearch/seed.ts';
import { s3Keys, startServers, type TestServers } from '../servers.ts';

/** A real repository with the snapshots `first` and `second` of the indices `many` and `big`. */
export interface ScrubScene {
  servers: TestServers;
  client: Client;
  storage: ObjectStorage;
  bucket: ScrubbedBucket;
  /** Newest first. */
  points: StorePoint[];
  take: (snapshot: string) => Promise<void>;
  keys: (prefix: string) => Promise<{ key: string; bytes: number }[]>;
  bytesOf: (key: string) => Promise<Uint8Array>;
}

export const held = [
  { name: 'big', primaries: 1 },
  { name: 'many', primaries: 3 },
];

export async function openScrubScene({ versions = false } = {}): Promise<ScrubScene> {
  const servers = await startServers({ versions });
  try {
    return await fillScene(servers, versions);
  } catch (error) {
    await servers.stop();
    throw error;
  }
}

async function fillScene(servers: TestServers, versions: boolean): Promise<ScrubScene> {
  const client = await connectWithKeys(servers);
  const place = {
    bucket: 'backups',
    prefix: 'es',
    endpoint: await servers.endpointFromHere(),
    region: 'us-east-1',
    ...s3Keys,
  };
  if (versions) await keepVersions(place.endpoint);
  const storage = s3Storage(place);
  const repository = {
    name: 'backup',
    type: 's3',
    settings: { bucket: 'backups', base_path: 'es', chunk_size: '5mb' },
  };
  await ensureRepository(client, repository, { readonly: false });
  await createIndex(client, 'many');
  await seedDocuments(client, 'many', 3_000);
  await client.indices.create({
    index: 'big',
    settings: { number_of_shards: 1, number_of_replicas: 0 },
    mappings: { properties: { payload: { type: 'text', index: false } } },
  });
  const operations = Array.from({ length: 120 }, () => [
    { index: {} },
    { payload: randomBytes(96 * 1024).toString('base64') },
  ]).flat();
  await client.bulk({ index: 'big', operations });
  await client.indices.forcemerge({ index: 'big', max_num_segments: 1 });
  const scene: ScrubScene = {
    servers,
    client,
    storage,
    bucket: { storage, objects: s3Objects(place), place: 'backups/es' },
    points: [],
    async take(snapshot) {
      await takeSnapshot(client, {
        repository: 'backup',
        snapshot,
        indices: held.map(({ name }) => name),
        metadata: { run: 'r' },
      });
      scene.points.unshift({ id: snapshot, snapshot, indices: held });
    },
    async keys(prefix) {
      const found: { key: string; bytes: number }[] = [];
      for await (const object of storage.list(prefix)) found.push(object);
      return found.toSorted((a, b) => b.bytes - a.bytes || (a.key < b.key ? -1 : 1));
    },
    async bytesOf(key) {
      const bytes = await storage.get(key);
      if (bytes === undefined) throw new Error(`${key} is not there`);
      return bytes;
    },
  };
  await scene.take('first');
  await seedDocuments(client, 'many', 500, 0, 3_000);
  await client.indices.putMapping({ index: 'many', properties: { added: { type: 'keyword' } } });
  await scene.take('second');
  return scene;
}

const clientFor = (endpoint: string) =>
  new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: s3Keys.accessKey, secretAccessKey: s3Keys.secretKey },
  });

/** For good: of the key nothing is left. */
export async function removeVersions({ servers, bucket }: ScrubScene, key: string): Promise<void> {
  const client = clientFor(await servers.endpointFromHere());
  for (const { id: VersionId } of await bucket.objects.versions(key))
    await client.send(new DeleteObjectCommand({ Bucket: 'backups', Key: `es/${key}`, VersionId }));
  client.destroy();
}

async function keepVersions(endpoint: string): Promise<void> {
  const client = clientFor(endpoint);
  await client.send(
    new PutBucketVersioningCommand({
      Bucket: 'backups',
      VersioningConfiguration: { Status: BucketVersioningStatus.Enabled },
    }),
  );
  client.destroy();
}

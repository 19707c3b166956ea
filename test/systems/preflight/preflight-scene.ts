import {
  S3Client,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import Docker from 'dockerode';
import type { Check } from '../../../domain/checks.ts';
import { bringUpPreflightPlatform, type PreflightPlatform } from './platform.ts';

export const docker = new Docker();
export let platform: PreflightPlatform;

/** One platform for the file. Preflight must change nothing of it. */
export function usePreflight(): void {
  beforeAll(async () => {
    platform = await bringUpPreflightPlatform();
  });
  afterAll(() => platform.remove());
}

export const faultsOf = (checks: Check[]) =>
  checks
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ name, verdict, evidence }) => `${name} ${verdict}: ${evidence}`);
export const evidenceOf = (checks: Check[], name: string) =>
  checks.find((check) => check.name === name)?.evidence ?? 'no check';

export async function scratchLeft(): Promise<string[]> {
  const filters = { label: [`rekindle.scratch=${platform.name}`] };
  const containers = await docker.listContainers({ all: true, filters });
  const networks = await docker.listNetworks({ filters });
  return [...containers.map(({ Names }) => Names[0] ?? ''), ...networks.map(({ Name }) => Name)];
}
export async function anonymousVolumes(): Promise<string[]> {
  const { Volumes } = await docker.listVolumes({ filters: { dangling: ['true'] } });
  return ((Volumes as typeof Volumes | null) ?? [])
    .map(({ Name }) => Name)
    .filter((name) => /^[0-9a-f]{64}$/.test(name));
}

export async function withBucket<T>(work: (client: S3Client) => Promise<T>): Promise<T> {
  const { endpoint, accessKey, secretKey } = platform.s3;
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}
export const keysIn = (prefix: string) =>
  withBucket(async (client) => {
    const page = await client.send(new ListObjectsV2Command({ Bucket: platform.bucket, Prefix: prefix }));
    return (page.Contents ?? []).map(({ Key = '' }) => Key);
  });
export const read = (key: string) =>
  withBucket(async (client) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: platform.bucket, Key: key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  });
export const write = (key: string, bytes: Uint8Array) =>
  withBucket((client) => client.send(new PutObjectCommand({ Bucket: platform.bucket, Key: key, Body: bytes })));

/** Changes an object for the length of `work`. */
export async function withObject(
  key: string,
  bytes: Uint8Array | undefined,
  work: () => Promise<unknown>,
): Promise<void> {
  const kept = await read(key);
  try {
    if (bytes) await write(key, bytes);
    else await withBucket((client) => client.send(new DeleteObjectCommand({ Bucket: platform.bucket, Key: key })));
    await work();
  } finally {
    await write(key, kept);
  }
}
export async function newestIndex(): Promise<string> {
  const keys = await keysIn('es/index-');
  return keys.toSorted((a, b) => Number(a.split('-')[1]) - Number(b.split('-')[1])).at(-1)!;
}

/** The repository's index as another cluster would have written it, with a snapshot of its own. */
export async function asWrittenByAnother(work: () => Promise<unknown>): Promise<void> {
  const key = await newestIndex();
  const index = JSON.parse(new TextDecoder().decode(await read(key))) as { cluster_id: string; snapshots: object[] };
  index.cluster_id = 'AAAAAAAAAAAAAAAAAAAAAA';
  index.snapshots.push({ name: 'of-another', uuid: 'BBBBBBBBBBBBBBBBBBBBBB', state: 1 });
  await withObject(key, new TextEncoder().encode(JSON.stringify(index)), work);
}

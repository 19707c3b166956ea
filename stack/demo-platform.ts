import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { elasticsearchClient, zookeeperAddress } from './clients.ts';
import { type CommandResult, type ComposeTool, findComposeTool, runCompose } from './compose-tool.ts';
import { stackFile } from './files.ts';
import type { Access, DemoPlatform } from './platform.ts';
import { platformFileText } from './platform-file.ts';
import { FOLDER_LABEL } from './engine.ts';
import { findS3Server, s3Name, type S3Server, startS3Server } from './s3-server.ts';
import { dataServices, makeDataFolders, shaped, streamedServices, volumesOf, type Shape } from './shapes.ts';
import { DEFAULT_SEED, type Seeded, seedPlatform, type SeedSize } from './seed.ts';
import { seedStreamed } from './seed-streamed.ts';
import { tearDown } from './tear-down.ts';
import { untilHealthy } from './wait.ts';
import { Zookeeper } from './zookeeper.ts';

export type { DemoPlatform } from './platform.ts';

export interface BringUpOptions {
  /** Lower-case letters, digits, `-` and `_`; begins with a letter. */
  project: string;
  /** The platform's name to Rekindle; default: the project's. */
  name?: string;
  /** Created when it is missing; one folder per project. */
  folder: string;
  /** A server to share; then the buckets are named after the project. Default: one of its own, `<project>-s3`. */
  s3?: S3Server;
  /** What deviates from DEFAULT_SEED; `false`: the platform stays empty but for what its api makes. */
  seed?: Partial<SeedSize> | false;
  /** How long an executor works on a job; two executors. Default 100: about 15 jobs a second in all. */
  jobMilliseconds?: number;
  /** Default: `volumes`. */
  shape?: Shape;
  /** Where a Compose file of the caller's, `compose.override.yaml` in the folder, gives Elasticsearch TLS and users. */
  access?: Access;
  log?: (line: string) => void;
}

/**
 * Brings a demo platform up, seeds it while its core services are not there yet, and waits until all is healthy.
 * When it fails, it removes what it made and throws with the last lines of the service that did not come up.
 */
export async function bringUp(options: BringUpOptions): Promise<DemoPlatform> {
  const { project, name = project, shape = 'volumes', seed = {}, log = () => undefined } = options;
  const composeTool = await findComposeTool();
  // The first thing that is made and the last that is removed: it says whose platform this is.
  const labels = { 'rekindle.stack': project, [FOLDER_LABEL]: resolve(options.folder) };
  const s3 = options.s3 ?? (await startS3Server(s3Name(project), labels));
  const platform = describe({ project, name, shape }, options.folder, s3, options.s3 === undefined, composeTool);
  if (options.access) platform.access = options.access;
  try {
    await s3.createBuckets([platform.buckets.repository, platform.buckets.catalogue]);
    await writeFiles(platform, options.jobMilliseconds ?? 100);
    log(`S3 server at ${s3.endpoint}`);
    if (seed !== false) {
      await composeOrThrow(platform, ['up', '-d', ...dataServices(shape)]);
      log('data services started');
      platform.seeded = await seedWhenUp(platform, { ...DEFAULT_SEED, ...seed }, log);
      await untilHealthy(platform, log, streamedServices(shape));
      await seedStreamed(platform, log);
    }
    await composeOrThrow(platform, ['up', '-d']);
    await untilHealthy(platform, log);
    return platform;
  } catch (error) {
    await tearDown(platform).catch(() => undefined);
    throw error;
  }
}

/** The platform that an earlier `bringUp` made in this folder (by another process, say). Throws when there is none. */
export async function openDemoPlatform(project: string, folder: string): Promise<DemoPlatform> {
  const described = join(resolve(folder), 'demo.json');
  if (!existsSync(described)) throw new Error(`No demo platform in ${folder}`);
  const known = JSON.parse(await readFile(described, 'utf8')) as {
    name: string;
    shape: Shape;
    s3: string;
    ownsS3: boolean;
  };
  const s3 = await findS3Server(known.s3);
  if (!s3) throw new Error(`The S3 server ${known.s3} of ${project} is gone`);
  return describe({ project, name: known.name, shape: known.shape }, folder, s3, known.ownsS3, await findComposeTool());
}

/** Runs the Compose tool on the platform as its operator would; its exit code is an outcome, not an error. */
export function compose(platform: DemoPlatform, args: string[]): Promise<CommandResult> {
  return runCompose(platform.composeTool, platform.folder, platform.project, args);
}

async function composeOrThrow(platform: DemoPlatform, args: string[]): Promise<void> {
  const { exitCode, stderr } = await compose(platform, args);
  if (exitCode !== 0)
    throw new Error(`${[...platform.composeTool, ...args].join(' ')} ended with ${exitCode}:\n${stderr}`);
}

function describe(
  { project, name, shape }: { project: string; name: string; shape: Shape },
  givenFolder: string,
  s3: S3Server,
  ownsS3: boolean,
  composeTool: ComposeTool,
): DemoPlatform {
  const folder = resolve(givenFolder);
  const platforms = join(folder, 'platforms');
  return {
    project,
    name,
    folder,
    platformFile: join(platforms, `${name}.yaml`),
    environment: { REKINDLE_PLATFORMS: platforms },
    network: `${project}_backend`,
    shape,
    volumes: volumesOf(project, shape),
    s3,
    ownsS3,
    // Two clusters that write to one repository corrupt it: on a shared server each platform has buckets of its own.
    buckets: ownsS3
      ? { repository: 'nuvla-es-backup', catalogue: 'rekindle-catalogue' }
      : { repository: `${project}-es-backup`, catalogue: `${project}-catalogue` },
    composeTool,
  };
}

async function writeFiles(platform: DemoPlatform, jobMilliseconds: number): Promise<void> {
  const { project, name, folder, shape, s3, ownsS3 } = platform;
  await mkdir(join(folder, 'platforms'), { recursive: true });
  await mkdir(join(folder, 'secrets'), { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'compose.yaml'), shaped(await readFile(stackFile('compose.yaml'), 'utf8'), shape));
  await makeDataFolders(folder, shape);
  const environment = {
    COMPOSE_PROJECT_NAME: project,
    S3_ENDPOINT: s3.endpoint,
    JOB_MILLISECONDS: jobMilliseconds,
    ...(shape === 'stores' && { POSTGRES_PASSWORD: randomBytes(18).toString('base64url') }),
  };
  const lines = Object.entries(environment).map(([key, value]) => `${key}=${value}\n`);
  await writeFile(join(folder, '.env'), lines.join(''));
  // Elasticsearch's own user must read them where they are mounted; on the host nobody else gets into their folder.
  for (const [secret, value] of [
    ['s3_access_key', s3.accessKey],
    ['s3_secret_key', s3.secretKey],
  ] as const) {
    const file = join(folder, 'secrets', secret);
    await writeFile(file, value);
    await chmod(file, 0o644);
  }
  await writeFile(platform.platformFile, platformFileText(platform));
  await writeFile(join(folder, 'demo.json'), JSON.stringify({ name, shape, s3: s3.container, ownsS3 }));
}

/** Each store is filled as soon as it answers: ZooKeeper is there long before Elasticsearch. */
async function seedWhenUp(platform: DemoPlatform, size: SeedSize, log: (line: string) => void): Promise<Seeded> {
  const client = await elasticsearchClient(platform);
  const zookeeper = Zookeeper.connect(await zookeeperAddress(platform), 60);
  try {
    const seeded = await seedPlatform(
      untilHealthy(platform, log, ['elasticsearch']).then(() => client),
      zookeeper,
      size,
    );
    const documents = Object.values(seeded.documents).reduce((sum, count) => sum + count, 0);
    log(`seeded ${documents} documents and ${seeded.entries.length} queue entries`);
    return seeded;
  } finally {
    await client.close();
    await zookeeper.then(
      (session) => session.close(),
      () => undefined,
    );
  }
}

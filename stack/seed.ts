import { readFileSync } from 'node:fs';
import type { Client, estypes } from '@elastic/elasticsearch';
import { stackFile } from './files.ts';
import { documentsOf, incompressible, jobsOf, type SeedDocument, type SeedJob } from './seed-content.ts';
import type { Zookeeper } from './zookeeper.ts';

export interface SeedSize {
  /** The same text gives the same content, down to the last uuid. */
  seed: string;
  /** Documents over all indices but the jobs'. */
  documents: number;
  jobs: number;
  /** Text that does not compress, in an index of its own with 3 primaries; 0: no such index. */
  incompressibleBytes: number;
}

type IndexDefinitions = Record<string, Pick<estypes.IndicesCreateRequest, 'settings' | 'mappings' | 'aliases'>>;

export const DEFAULT_SEED: SeedSize = { seed: 'rekindle', documents: 21_000, jobs: 2_000, incompressibleBytes: 0 };

/** What a seeded platform holds. */
export interface Seeded {
  /** Documents by index, the closed one too. */
  documents: Record<string, number>;
  alias: string;
  closedIndex: string;
  /** Names of the live queue entries, sorted. */
  entries: string[];
  milliseconds: number;
}

/** Which share of the documents goes where. `nuvla-audit-2024` is written, then closed, as an archive would be. */
const SHARES = { user: 0.1, module: 0.1, deployment: 0.3, event: 0.4, 'audit-2024': 0.1 };
const CLOSED_INDEX = 'nuvla-audit-2024';
const ALIAS = 'activity-feed';
const TELEMETRY = 'nuvla-telemetry';
const BULK_BYTES = 4 * 1024 * 1024;
const BULK_DOCUMENTS = 2_500;
const PARALLEL_BULKS = 3;

/** Fills an empty platform. Not idempotent: an index or entry that is there already is an error. */
export async function seedPlatform(
  elasticsearch: Promise<Client>,
  zookeeper: Promise<Zookeeper>,
  size: SeedSize,
): Promise<Seeded> {
  const began = Date.now();
  const jobs = jobsOf(size.jobs, size.seed);
  const [documents, entries] = await Promise.all([
    elasticsearch.then((client) => seedDocuments(client, size, jobs)),
    zookeeper.then((session) => seedQueue(session, jobs)),
  ]);
  return { documents, alias: ALIAS, closedIndex: CLOSED_INDEX, entries, milliseconds: Date.now() - began };
}

async function seedDocuments(client: Client, size: SeedSize, jobs: SeedJob[]): Promise<Record<string, number>> {
  const definitions = indexDefinitions();
  await Promise.all(Object.entries(definitions).map(([index, body]) => client.indices.create({ index, ...body })));
  await client.indices.putIndexTemplate({
    name: 'nuvla-archive',
    index_patterns: ['nuvla-archive-*'],
    template: { settings: { number_of_shards: 1, number_of_replicas: 1 } },
  });
  const counts: Record<string, number> = {};
  for (const [resource, share] of Object.entries(SHARES)) {
    const index = `nuvla-${resource}`;
    counts[index] = await bulk(client, index, documentsOf(resource, Math.round(size.documents * share), size.seed));
  }
  counts['nuvla-job'] = await bulk(
    client,
    'nuvla-job',
    jobs.map((job) => job.document),
  );
  if (size.incompressibleBytes > 0) counts[TELEMETRY] = await seedTelemetry(client, size);
  await client.indices.refresh({ index: 'nuvla-*' });
  await client.indices.close({ index: CLOSED_INDEX });
  return counts;
}

async function seedTelemetry(client: Client, size: SeedSize): Promise<number> {
  await client.indices.create({
    index: TELEMETRY,
    settings: { number_of_shards: 3, number_of_replicas: 0, refresh_interval: '-1', 'translog.durability': 'async' },
    mappings: { dynamic: false, properties: { id: { type: 'keyword' }, payload: { type: 'text', index: false } } },
  });
  const count = await bulk(client, TELEMETRY, incompressible(size.incompressibleBytes, size.seed));
  await client.indices.putSettings({ index: TELEMETRY, settings: { refresh_interval: '1s' } });
  await client.indices.flush({ index: TELEMETRY });
  return count;
}

/** Writes documents, some bulk requests at a time; answers how many. Throws at the first document that is refused. */
async function bulk(client: Client, index: string, documents: Iterable<SeedDocument>): Promise<number> {
  const chunks = inChunks(documents);
  let count = 0;
  const write = async () => {
    for (const lines of chunks) {
      // Lines that are text already go out as they are. Nobody reads the whole answer: only errors are asked for.
      const answer = await client.bulk({
        index,
        operations: lines as unknown as object[],
        filter_path: ['errors', 'items.*.error'],
      });
      if (answer.errors) throw new Error(`Seeding ${index}: ${JSON.stringify(answer.items[0])}`);
      count += lines.length / 2;
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_BULKS }, write));
  return count;
}

/** Lines for the bulk API (action, source, action, source …). */
function* inChunks(documents: Iterable<SeedDocument>): Generator<string[]> {
  let lines: string[] = [];
  let bytes = 0;
  for (const document of documents) {
    const source = JSON.stringify(document);
    lines.push(`{"create":{"_id":"${document.id.slice(document.id.indexOf('/') + 1)}"}}`, source);
    bytes += source.length;
    if (bytes >= BULK_BYTES || lines.length >= 2 * BULK_DOCUMENTS) {
      yield lines;
      lines = [];
      bytes = 0;
    }
  }
  if (lines.length > 0) yield lines;
}

/**
 * Lives the queue's past again: every entry is created with the number it once got, and those of ended jobs are removed.
 * So the parent's own counter stands where the next producer must go on.
 */
async function seedQueue(zookeeper: Zookeeper, jobs: SeedJob[]): Promise<string[]> {
  await zookeeper.makePath('/job/entries');
  await zookeeper.makePath('/job/taken');
  const created = jobs.flatMap(({ entry, document }) => (entry ? [{ ...entry, data: document.id }] : []));
  await zookeeper.createAll(created);
  await zookeeper.removeAll(created.filter(({ live }) => !live).map(({ path }) => path));
  return zookeeper.children('/job/entries');
}

/** The indices as the api creates them when they are missing, and the archive, which it does not know. */
function indexDefinitions(): IndexDefinitions {
  const known = JSON.parse(readFileSync(stackFile('images/core/indices.json'), 'utf8')) as IndexDefinitions;
  return { ...known, [CLOSED_INDEX]: { settings: { number_of_shards: 1, number_of_replicas: 0 } } };
}

import { createCipheriv, createHash } from 'node:crypto';

/** One document for the bulk API; `_id` is the uuid that its `id` ends with, as in Nuvla. */
export interface SeedDocument {
  id: string;
  [field: string]: unknown;
}

export interface SeedJob {
  document: SeedDocument;
  /** The queue entry that the API made for it; absent for pull-mode jobs, which are fetched over HTTP. */
  entry?: { path: string; /** still waiting in the queue */ live: boolean };
}

/** The same numbers in [0, 1) for the same seed, forever (mulberry32). */
export function randomFrom(seed: string): () => number {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = <T>(random: () => number, items: readonly [T, ...T[]]): T =>
  items[Math.floor(random() * items.length)] ?? items[0];

const WORDS = 'edge fleet sensor gateway port cluster swarm update image volume token quota region alert probe'.split(
  ' ',
);
const sentence = (random: () => number) =>
  Array.from({ length: 12 }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' ');

function uuidFrom(random: () => number): string {
  const hex = Array.from({ length: 4 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

const BEGINNING = Date.UTC(2025, 8, 1);
const dateAfter = (seconds: number) => new Date(BEGINNING + seconds * 1000).toISOString();

/** Documents of one resource (`user`, `event` …), one after the other. */
export function* documentsOf(resource: string, count: number, seed: string): Generator<SeedDocument> {
  const random = randomFrom(`${seed}/${resource}`);
  for (let number = 0; number < count; number += 1) {
    yield {
      id: `${resource}/${uuidFrom(random)}`,
      'resource-type': resource,
      name: `${resource}-${number}`,
      description: sentence(random),
      created: dateAfter(number * 60),
      updated: dateAfter(number * 60 + Math.floor(random() * 50_000)),
      ...fieldsOf(resource, random),
    };
  }
}

function fieldsOf(resource: string, random: () => number): Record<string, unknown> {
  switch (resource) {
    case 'user':
      return {
        email: `${uuidFrom(random).slice(0, 8)}@example.org`,
        state: pick(random, ['ACTIVE', 'NEW', 'SUSPENDED']),
      };
    case 'module':
      return {
        path: `apps/${pick(random, ['edge', 'cloud', 'lab'])}`,
        subtype: pick(random, ['component', 'application']),
      };
    case 'deployment':
      return {
        state: pick(random, ['STARTED', 'STOPPED', 'ERROR', 'CREATED']),
        owner: `user/${uuidFrom(random)}`,
        module: { href: `module/${uuidFrom(random)}` },
      };
    default:
      return {
        category: pick(random, ['action', 'state', 'alarm', 'user']),
        severity: pick(random, ['low', 'medium', 'high']),
        content: { resource: { href: `deployment/${uuidFrom(random)}` }, state: pick(random, ['STARTED', 'STOPPED']) },
      };
  }
}

const ENDED = ['SUCCESS', 'SUCCESS', 'SUCCESS', 'FAILED', 'STOPPED', 'CANCELED'] as const;
const ACTIONS = ['start_deployment', 'stop_deployment', 'update_nuvlabox', 'check_dct', 'dct_check'] as const;
/** Of every hundred jobs one is a bulk parent that is only monitored: RUNNING, its own action long done. */
const BULK_PARENT_EVERY = 100;
/** Nuvla's default for a job that names no priority. */
const DEFAULT_PRIORITY = 999;

/**
 * `count` jobs as a living Nuvla holds them, in the order of their creation: about 45 % wait or run, in every priority.
 * The API numbered their entries one by one and left each path in the job's tags; a priority field is there only on jobs
 * that were never edited. A few have neither path nor field.
 */
export function jobsOf(count: number, seed: string): SeedJob[] {
  const random = randomFrom(`${seed}/job`);
  let sequence = 0;
  return Array.from({ length: count }, (_, number): SeedJob => {
    const id = `job/${uuidFrom(random)}`;
    const bulkParent = number % BULK_PARENT_EVERY === 50;
    const mode = bulkParent ? 'push' : pick(random, ['push', 'push', 'push', 'push', 'pull', 'mixed']);
    const chance = random();
    const state = bulkParent || chance > 0.95 ? 'RUNNING' : chance < 0.42 ? 'QUEUED' : pick(random, ENDED);
    const unnamed = number % 400 === 7;
    const priority = unnamed
      ? DEFAULT_PRIORITY
      : pick(random, [0, 10, 100, 100, 500, 999, 999, Math.floor(random() * 1000)]);
    const path =
      mode === 'pull'
        ? undefined
        : `/job/entries/entry-${String(priority).padStart(3, '0')}-${String(sequence++).padStart(10, '0')}`;
    const edited = state !== 'QUEUED' || random() < 0.5;
    const live = state === 'QUEUED' || (state === 'RUNNING' && !bulkParent);
    return {
      document: {
        id,
        'resource-type': 'job',
        action: bulkParent ? 'bulk_update' : pick(random, ACTIONS),
        state,
        'target-resource': { href: `deployment/${uuidFrom(random)}` },
        'execution-mode': mode,
        progress: state === 'QUEUED' ? 0 : state === 'RUNNING' ? 10 : 100,
        ...(!edited && !unnamed && { priority }),
        ...(bulkParent ? { tags: ['monitor'] } : path && !unnamed && { tags: [path] }),
        created: dateAfter(number * 30),
        updated: dateAfter(number * 30 + (edited ? 20 : 0)),
      },
      ...(path && { entry: { path, live } }),
    };
  });
}

const PAYLOAD_BYTES = 64 * 1024;

/** Documents of about 64 KB of text that does not compress, at least `bytes` in all. */
export function* incompressible(bytes: number, seed: string): Generator<SeedDocument> {
  const random = randomFrom(`${seed}/telemetry`);
  // A cipher's key stream: as good as random, always the same, a gigabyte a second.
  const key = createHash('sha256').update(seed).digest().subarray(0, 16);
  const stream = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  const zeros = Buffer.alloc((PAYLOAD_BYTES / 4) * 3);
  for (let made = 0; made < bytes; made += PAYLOAD_BYTES) {
    yield { id: `telemetry/${uuidFrom(random)}`, payload: stream.update(zeros).toString('base64') };
  }
}

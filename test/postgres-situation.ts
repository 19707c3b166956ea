import type { RestoreSituation } from '../domain/plans/plan-restore.ts';
import type { PostgresStore } from '../domain/platform.ts';
import type { PostgresExpectedSet } from '../domain/postgres/expected.ts';
import type { RecoveryPointManifest } from '../domain/recovery-points/recovery-point.ts';
import type { StreamArtefact } from '../domain/streams/stream-artefact.ts';
import {
  demoCapture,
  demoManifest,
  demoObserved,
  demoPlatform,
  demoSituation,
  unlessStopped,
} from './demo-situation.ts';

// The demo platform with a PostgreSQL next to its Elasticsearch, as data.

export function postgres(change: Partial<PostgresStore> = {}): PostgresStore {
  return {
    name: 'accounts',
    kind: 'postgres',
    service: 'postgresql',
    port: 5432,
    username: 'postgres',
    samplesPerTable: 20,
    silenceSeconds: 600,
    backupTimeoutSeconds: 600,
    restoreTimeoutSeconds: 600,
    ...change,
  };
}

export function platformWithPostgres(name = 'demo'): ReturnType<typeof demoPlatform> {
  const platform = demoPlatform(name);
  platform.deployment.data.push('postgresql');
  platform.stores.push(postgres());
  return platform;
}

export function postgresArtefact(store = 'accounts'): StreamArtefact {
  const startedAt = '2026-11-21T09:30:12.000Z';
  const part = (name: string, compression: 'gzip' | 'none') => ({
    part: name,
    key: `demo/points/2026-11-21t0930z/stores/${store}/${name}.age`,
    compression,
    bytes: 300,
    sha256: 'b'.repeat(64),
    content: { bytes: 200, sha256: 'c'.repeat(64) },
    startedAt,
    finishedAt: startedAt,
  });
  return {
    store,
    kind: 'postgres',
    parts: [part('globals', 'gzip'), part('database-app', 'none')],
    expectedSet: { key: 'e', sha256: 'd'.repeat(64), bytes: 1 },
    moment: { from: '2026-11-21T09:30:13.000Z', to: '2026-11-21T09:30:13.500Z' },
    totalBytes: 600,
    dataBytes: 8_000_000,
  };
}

export function manifestWithPostgres(platform = 'demo'): RecoveryPointManifest {
  return { ...demoManifest(platform), streams: [postgresArtefact()], skewSeconds: 1.5 };
}

export function situationWithPostgres(change: Partial<RestoreSituation> = {}): RestoreSituation {
  const mounts = [
    { type: 'volume' as const, source: 'demo_pg-data', destination: '/var/lib/postgresql/data', readOnly: false },
  ];
  const container = { name: 'demo_postgresql_1', service: 'postgresql', volumes: ['demo_pg-data'], mounts };
  const observed = demoObserved();
  observed.containers.push({
    ...structuredClone(container),
    running: true,
    restartPolicy: unlessStopped,
    image: 'stack/postgresql:1',
    networks: ['demo_back'],
    networkGone: false,
    sharesWith: [],
  });
  observed.volumes.push({ ...observed.volumes[0]!, name: 'demo_pg-data', usedBy: [container.name] });
  const capture = demoCapture();
  capture.containers.push({
    ...structuredClone(container),
    restartPolicy: unlessStopped,
    running: true,
    image: { reference: 'stack/postgresql:1', digest: 'sha256:0' },
    networks: ['demo_back'],
  });
  capture.volumes.push({ name: 'demo_pg-data', host: 'machine' });
  const demo = demoSituation();
  return {
    ...demo,
    platform: platformWithPostgres(),
    manifest: manifestWithPostgres(),
    observed,
    capture,
    storePaths: {
      ...demo.storePaths,
      accounts: { data: ['/var/lib/postgresql/data'], repositories: [], logs: [], source: 'configuration' },
    },
    ...change,
  };
}

export function expectedPostgres(change: Partial<PostgresExpectedSet> = {}): PostgresExpectedSet {
  const tables = [
    { schema: 'public', name: 'job', rows: 1000, sample: 'abc' },
    { schema: 'public', name: 'log', rows: 20 },
  ];
  const database = {
    name: 'app',
    owner: 'app',
    encoding: 'UTF8',
    collate: 'C',
    ctype: 'C',
    provider: 'c',
    extensions: {},
    tables,
    objects: {},
  };
  return {
    version: 1,
    store: 'accounts',
    serverVersion: 150_018,
    roles: ['app', 'postgres'],
    databases: [database],
    ...change,
  };
}

import { queueStore } from './queue-store.ts';
import type { CaptureOutline, ObservedContainer, ObservedDeployment } from '../domain/deployment.ts';
import type { Mount, PathsOfStores } from '../domain/mounts.ts';
import type { RestoreSituation } from '../domain/plans/plan-restore.ts';
import type { ComposeDeployment, Platform } from '../domain/platform.ts';
import type { RecoveryPointManifest } from '../domain/recovery-points/recovery-point.ts';
import type { RestartPolicy } from '../domain/plans/step-arguments.ts';

export const unlessStopped: RestartPolicy = { name: 'unless-stopped', maximumRetryCount: 0 };
export const never: RestartPolicy = { name: 'no', maximumRetryCount: 0 };

/** The demo platform in memory, as its file describes it; a test changes its own copy. */
export function demoPlatform(name = 'demo'): Platform & { deployment: ComposeDeployment } {
  return {
    platform: name,
    deployment: {
      kind: 'compose',
      project: name,
      data: ['elasticsearch', 'zookeeper'],
      core: ['api', 'job-executor', 'job-distributor'],
      alsoStop: [],
      volumes: {},
      stopGraceSeconds: 30,
      healthTimeoutSeconds: 120,
      settleSeconds: 2,
    },
    stores: [
      {
        name: 'documents',
        kind: 'elasticsearch',
        service: 'elasticsearch',
        otherServices: [],
        port: 9200,
        scheme: 'http',
        indices: ['nuvla-*'],
        repository: { name: 's3_backup', type: 's3', settings: { bucket: 'snapshots' } },
        secrets: {},
        snapshotTimeoutSeconds: 600,
        restoreTimeoutSeconds: 600,
        restoreThrottle: '2gb',
        featureStates: 'all',
        samplesPerIndex: 20,
      },
      queueStore({ defaultPriority: 999 }),
    ],
    catalogue: { kind: 'directory', path: '/backups' },
    backup: { sampledFiles: 0, scrubDays: 0, onDamage: 'report', mayShrinkPercent: { '*': 20 } },
    objectives: {},
    notifications: [],
    metrics: {},
    restore: {
      approval: 'required',
      approvers: [],
      approvalsNeeded: 1,
      authenticated: false,
      approvalTimeoutSeconds: 3600,
      runningBackup: 'wait',
      quarantineHours: 72,
      volumes: 'quarantine',
      outageSeconds: 300,
    },
    smoke: [
      {
        service: 'api',
        port: 8080,
        path: '/healthz',
        headers: {},
        expectStatus: 200,
        expectJson: [],
        timeoutSeconds: 30,
      },
    ],
  };
}

const mount = (source: string, destination: string): Mount => ({
  type: 'volume',
  source,
  destination,
  readOnly: false,
});
const services = [
  container('elasticsearch', [mount('demo_es-data', '/usr/share/elasticsearch/data')]),
  container('zookeeper', [mount('demo_zk-data', '/data'), mount('demo_zk-log', '/datalog')]),
  container('api'),
  container('job-executor'),
  container('job-executor', [], 2),
  container('job-distributor'),
];
function container(service: string, mounts: Mount[] = [], number = 1) {
  return { name: `demo_${service}_${number}`, service, volumes: mounts.map(({ source }) => source), mounts };
}
const volumes = services.flatMap((each) => each.volumes);

export function demoCapture(): CaptureOutline {
  return {
    containers: services.map((each) => ({
      ...structuredClone(each),
      restartPolicy: unlessStopped,
      running: true,
      image: { reference: `stack/${each.service}:1`, digest: 'sha256:0' },
      networks: ['demo_back'],
    })),
    networks: ['demo_back'],
    volumes: volumes.map((name) => ({ name, host: 'machine' })),
  };
}

export function demoObserved(change: (container: ObservedContainer) => void = () => undefined): ObservedDeployment {
  const containers = services.map((each): ObservedContainer => ({
    ...structuredClone(each),
    running: true,
    restartPolicy: unlessStopped,
    image: `stack/${each.service}:1`,
    networks: ['demo_back'],
    networkGone: false,
    sharesWith: [],
  }));
  containers.forEach(change);
  return {
    host: 'machine',
    engineVersion: '27.0.0',
    containers,
    volumes: volumes.map((name) => ({
      name,
      createdAt: '2026-11-01T00:00:00Z',
      driver: 'local',
      hasOptions: false,
      usedBy: containers.filter((each) => each.volumes.includes(name)).map((each) => each.name),
      finished: [],
    })),
    networks: [{ name: 'demo_back', id: 'n1' }],
    otherContainers: [],
    otherNames: [],
  };
}

export function whollyGone(): ObservedDeployment {
  return { ...demoObserved(), containers: [], volumes: [], networks: [] };
}

export function demoManifest(platform = 'demo'): RecoveryPointManifest {
  const id = '2026-11-21t0930z';
  const object = { key: 'k', sha256: 'a'.repeat(64), bytes: 1 };
  return {
    version: 1,
    id,
    platform,
    run: 'backup/demo/1',
    startedAt: '2026-11-21T09:30:12.000Z',
    finishedAt: '2026-11-21T09:30:20.000Z',
    platformFileHash: 'f'.repeat(64),
    stores: [
      {
        store: 'documents',
        kind: 'elasticsearch',
        snapshot: `snapshot.${id}`,
        repository: 's3_backup',
        indices: 2,
        documents: 100,
        shards: 4,
        totalBytes: 1,
        incrementalBytes: 1,
        expectedSet: object,
      },
    ],
    capture: object,
    images: {},
  };
}

/** Where the demo platform's stores keep their data, as its servers say. */
export function demoPaths(): PathsOfStores {
  const home = '/usr/share/elasticsearch';
  return {
    documents: {
      data: [`${home}/data`],
      repositories: [],
      logs: [`${home}/logs`],
      home,
      source: 'server',
      disk: { copies: 1 },
    },
    jobs: { data: ['/data', '/datalog'], repositories: [], logs: ['/logs'], source: 'configuration' },
  };
}

/** All that a restore of the demo platform is planned from: everything is there and runs. */
export function demoSituation(change: Partial<RestoreSituation> = {}): RestoreSituation {
  return {
    platform: demoPlatform(),
    platformFileHash: 'f'.repeat(64),
    manifest: demoManifest(),
    indices: {
      documents: [
        { name: 'nuvla-job', state: 'open' },
        { name: 'nuvla-old', state: 'closed' },
      ],
    },
    capture: demoCapture(),
    observed: demoObserved(),
    storePaths: demoPaths(),
    volumes: 'quarantine',
    ...change,
  };
}

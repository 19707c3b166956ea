import { platformSchema } from '../../config/platform-schema.ts';
import type { Mount } from '../../domain/mounts.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import { planBackup } from '../../domain/plans/plan-backup.ts';
import { planRestore } from '../../domain/plans/plan-restore.ts';
import type { Platform } from '../../domain/platform.ts';
import { withHash } from '../../operations/with-hash.ts';

// A platform without servers: an Elasticsearch, its API and a worker. What the planner makes of it is a real plan.

const time = '2026-11-21T09:30:12.000Z';
const pointId = '2026-11-21t0930z';
const fileHash = 'f'.repeat(64);
const object = { key: 'k', sha256: '0'.repeat(64), bytes: 1 };
const restartPolicy = { name: 'unless-stopped', maximumRetryCount: 0 } as const;

export function simulatedPlatform(name: string): Platform {
  return platformSchema.parse({
    platform: name,
    deployment: { kind: 'compose', project: name, data: ['elasticsearch'], core: ['api', 'worker'] },
    stores: [
      {
        name: 'documents',
        kind: 'elasticsearch',
        service: 'elasticsearch',
        repository: { name: 'backup', type: 's3', settings: { bucket: 'backups', base_path: name } },
      },
    ],
    catalogue: { kind: 'directory', path: '/nowhere' },
    restore: { approval: 'none' },
    smoke: [{ service: 'api', port: 8080, path: '/healthz' }],
  });
}

export function simulatedRestorePlan(name: string, host: string): Plan {
  const volume = `${name}_data`;
  const mounts: Mount[] = [
    { type: 'volume', source: volume, destination: '/usr/share/elasticsearch/data', readOnly: false },
  ];
  const services = [
    { name: `${name}-elasticsearch-1`, service: 'elasticsearch', volumes: [volume], mounts },
    { name: `${name}-api-1`, service: 'api', volumes: [], mounts: [] },
    { name: `${name}-worker-1`, service: 'worker', volumes: [], mounts: [] },
  ];
  const networks = [`${name}_default`];
  return withHash(
    planRestore({
      platform: simulatedPlatform(name),
      platformFileHash: fileHash,
      manifest: {
        version: 1,
        id: pointId,
        platform: name,
        run: `backup/${name}/${time}`,
        startedAt: time,
        finishedAt: time,
        platformFileHash: fileHash,
        stores: [
          {
            store: 'documents',
            kind: 'elasticsearch',
            snapshot: `snapshot.${pointId}`,
            repository: 'backup',
            indices: 1,
            documents: 100,
            shards: 1,
            totalBytes: 1,
            incrementalBytes: 1,
            expectedSet: object,
          },
        ],
        capture: object,
        images: {},
      },
      indices: { documents: [{ name: 'documents', state: 'open' }] },
      capture: {
        containers: services.map((service) => ({
          ...service,
          restartPolicy,
          running: true,
          image: { reference: `${service.service}:1`, digest: 'sha256:0' },
          networks,
        })),
        networks,
        volumes: [{ name: volume, host }],
      },
      observed: {
        host,
        engineVersion: '29.0.0',
        containers: services.map((service) => ({
          ...service,
          running: true,
          restartPolicy,
          image: `${service.service}:1`,
          networks,
          networkGone: false,
          sharesWith: [],
        })),
        volumes: [
          {
            name: volume,
            createdAt: time,
            driver: 'local',
            hasOptions: false,
            usedBy: [`${name}-elasticsearch-1`],
            finished: [],
          },
        ],
        networks: [{ name: networks[0] ?? '', id: `${name}-network` }],
        otherContainers: [],
        otherNames: [],
      },
      storePaths: {
        documents: {
          data: ['/usr/share/elasticsearch/data'],
          repositories: [],
          logs: ['/usr/share/elasticsearch/logs'],
          home: '/usr/share/elasticsearch',
          source: 'server',
          disk: { copies: 1 },
        },
      },
      volumes: 'quarantine',
    }),
  );
}

export function simulatedBackupPlan(name: string, host: string): Plan {
  const common = { platform: simulatedPlatform(name), platformFileHash: fileHash, host };
  return withHash(planBackup({ ...common, recoveryPoint: '2026-11-21t1000z', startedAt: '2026-11-21T10:00:00.000Z' }));
}

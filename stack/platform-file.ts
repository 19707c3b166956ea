import { join } from 'node:path';
import { stringify } from 'yaml';
import type { DemoPlatform } from './platform.ts';
import type { S3Server } from './s3-server.ts';
import { dataServices, elasticsearchServices } from './shapes.ts';

/** What is said of a demo platform to Rekindle. */
type Described = Pick<DemoPlatform, 'name' | 'project' | 'folder' | 'shape' | 'buckets'> & {
  s3: Pick<S3Server, 'endpoint'>;
};

/** The platform file that describes a demo platform to Rekindle. `folder` holds the secrets and takes what backups leave. */
export function platformFileText({ name, project, folder, shape, s3, buckets }: Described): string {
  const accessKey = { file: join(folder, 'secrets', 's3_access_key') };
  const secretKey = { file: join(folder, 'secrets', 's3_secret_key') };
  const nodes = elasticsearchServices(shape);
  const content = {
    platform: name,
    deployment: {
      kind: 'compose',
      project,
      data: dataServices(shape),
      core: ['api', 'job-executor', 'job-distributor'],
      alsoStop: [],
    },
    stores: [
      {
        name: 'documents',
        kind: 'elasticsearch',
        service: nodes.length === 1 ? nodes[0] : nodes,
        port: 9200,
        indices: ['nuvla-*'],
        repository: {
          name: 's3_backup',
          type: 's3',
          settings: { bucket: buckets.repository, endpoint: s3.endpoint, path_style_access: 'true' },
        },
        secrets: { 's3.client.default.access_key': accessKey, 's3.client.default.secret_key': secretKey },
      },
      {
        name: 'jobs',
        kind: 'zookeeper-queue',
        service: 'zookeeper',
        port: 2181,
        from: { store: 'documents', index: 'nuvla-job' },
        // What the demo's api, like Nuvla's, gives to a job that names none.
        defaultPriority: 999,
      },
      // The image trusts its own user.
      ...(shape === 'stores'
        ? [
            { name: 'accounts', kind: 'postgres', service: 'postgresql' },
            { name: 'coordination', kind: 'etcd', service: 'etcd' },
          ]
        : []),
    ],
    catalogue: { kind: 's3', bucket: buckets.catalogue, endpoint: s3.endpoint, accessKey, secretKey },
    backup: { logFile: join(folder, 'backup.log'), timestampFile: join(folder, 'last-backup') },
    restore: { approval: 'required' },
    // Preflight starts helper containers: tests that watch the engine say themselves when.
    readiness: { everyMinutes: 0 },
    smoke: [{ service: 'api', port: 8080, path: '/healthz', expectStatus: 200 }],
  };
  return stringify(content, { aliasDuplicateObjects: false });
}

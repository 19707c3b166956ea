import { join } from 'node:path';
import { stringify } from 'yaml';

export interface Places {
  name: string;
  folder: string;
  s3Endpoint: string;
  /** The manager's name, with workers on other nodes. */
  host?: string;
  /** How long servers that are away are waited for; absent: the default. */
  outageSeconds?: number;
}

/** The platform file of the stacks, with services by their exact names. */
export function platformFile({ name, folder, s3Endpoint, host, outageSeconds }: Places): string {
  const accessKey = { file: join(folder, 's3_access_key') };
  const secretKey = { file: join(folder, 's3_secret_key') };
  return stringify(
    {
      platform: name,
      deployment: {
        kind: 'swarm',
        ...(host !== undefined && { host }),
        data: ['db_es', 'db_zk'],
        core: ['nuvla_api', 'nuvla_job-executor', 'nuvla_job-distributor'],
        alsoStop: ['streams_subs-notifs'],
        stopGraceSeconds: 12,
      },
      stores: [
        {
          name: 'documents',
          kind: 'elasticsearch',
          service: 'db_es',
          indices: ['nuvla-*'],
          repository: {
            name: 's3_backup',
            type: 's3',
            settings: { bucket: 'nuvla-es-backup', endpoint: s3Endpoint, path_style_access: 'true' },
          },
          secrets: { 's3.client.default.access_key': accessKey, 's3.client.default.secret_key': secretKey },
        },
        {
          name: 'jobs',
          kind: 'zookeeper-queue',
          service: 'db_zk',
          from: { store: 'documents', index: 'nuvla-job' },
          defaultPriority: 999,
        },
      ],
      catalogue: { kind: 's3', bucket: 'catalogue', endpoint: s3Endpoint, accessKey, secretKey },
      restore: { approval: 'required', ...(outageSeconds !== undefined && { outageSeconds }) },
      smoke: [{ service: 'nuvla_api', port: 8080, path: '/healthz' }],
    },
    { aliasDuplicateObjects: false },
  );
}

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import Docker from 'dockerode';
import { readEnvironment } from '../../../config/environment.ts';
import { dependenciesOf, openPlatform, type OpenPlatform } from '../../../operations/open-platform.ts';
import { connectNodes, type Client } from '../../../systems/elasticsearch/client.ts';
import { giveSecrets, reloadSecureSettings, type Exec } from '../../../systems/elasticsearch/keystore.ts';
import { execIn } from '../../../stack/exec-in.ts';
import { startS3, type S3Server } from '../object-storage/server.ts';
import { startSecured, type SecuredElasticsearch } from '../secured-elasticsearch.ts';

export type Job = 'backup' | 'restore' | 'prune';

export interface LeastRights {
  /** Elasticsearch as its administrator. */
  admin: Client;
  /** The keys of S3 that may do everything. */
  root: { accessKeyId: string; secretAccessKey: string };
  /** The platform, opened with the rights of one job. */
  open(job: Job): Promise<OpenPlatform>;
  remove(): Promise<void>;
}

const rights = new URL('../../../deploy/rights/', import.meta.url);
const password = (user: string) => `password-of-${user}`;
const buckets = { catalogue: 'example-rekindle', repository: 'example-snapshots' };
/** Who may do what in which bucket, by the files of deploy/rights/aws. */
const policies: Record<string, [user: string, policy: string][]> = {
  [buckets.catalogue]: [
    ['backup', 'catalogue-backup'],
    ['restore', 'catalogue-restore'],
    ['prune', 'catalogue-prune'],
  ],
  [buckets.repository]: [
    ['nodes', 'repository-nodes'],
    ['reader', 'repository-read'],
  ],
};

/** Elasticsearch and S3 with a user for each job, who has the rights of deploy/rights and no others. */
export async function startLeastRights(): Promise<LeastRights> {
  const undo: (() => Promise<unknown>)[] = [];
  const remove = async () => {
    for (const step of undo.toReversed()) await step().catch(() => undefined);
  };
  try {
    const s3 = await startS3({ environment: { VGW_IAM_DIR: '/iam' }, files: { 'iam/.keep': '' } });
    undo.push(() => s3.remove());
    await admitUsers(s3);
    const elasticsearch = await startSecured({
      roles: await readFile(new URL('elasticsearch/roles.yml', rights), 'utf8'),
      users: {
        admin: { password: password('admin'), roles: ['superuser'] },
        ...Object.fromEntries(
          ['backup', 'restore', 'prune'].map((job) => [job, { password: password(job), roles: [`rekindle_${job}`] }]),
        ),
      },
      settings: {
        's3.client.default.endpoint': s3.options.endpoint,
        's3.client.default.path_style_access': 'true',
        's3.client.default.max_retries': '1',
      },
    });
    undo.push(() => elasticsearch.remove());
    const url = new URL(`http://${elasticsearch.address}:9200`);
    const admin = connectNodes([{ url }], { username: 'admin', password: password('admin') });
    undo.push(() => admin.close());
    const docker = new Docker();
    const exec: Exec = (command, stdin) => execIn(docker.getContainer(elasticsearch.name), command, stdin);
    await giveSecrets(exec, {
      's3.client.default.access_key': 'nodes',
      's3.client.default.secret_key': password('nodes'),
    });
    await reloadSecureSettings(admin);
    const folder = await mkdtemp(join(tmpdir(), 'rkt-rights-'));
    undo.push(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'rights.yaml'), platformFile(elasticsearch, s3));
    const open = (job: Job) => {
      const variables = { REKINDLE_PLATFORMS: folder, JOB: job, PASSWORD: password(job), READER: password('reader') };
      return openPlatform(dependenciesOf(readEnvironment({ ...process.env, ...variables, READ: 'reader' })), 'rights');
    };
    const root = { accessKeyId: s3.options.accessKey, secretAccessKey: s3.options.secretKey };
    return { admin, root, open, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Written as JSON, which YAML is too. */
function platformFile(elasticsearch: SecuredElasticsearch, { options: { endpoint } }: S3Server): string {
  return JSON.stringify({
    platform: 'rights',
    deployment: { kind: 'compose', project: 'rights', data: ['es'] },
    stores: [
      {
        name: 'documents',
        kind: 'elasticsearch',
        service: 'es',
        nodes: [`http://${elasticsearch.address}:9200`],
        auth: { kind: 'basic', username: '${JOB}', password: { env: 'PASSWORD' } },
        featureStates: 'none',
        repository: {
          name: 'backup',
          type: 's3',
          settings: { bucket: buckets.repository, base_path: 'es', endpoint },
        },
        bucketAccess: { credentials: { kind: 'keys', accessKey: { env: 'READ' }, secretKey: { env: 'READER' } } },
      },
    ],
    catalogue: {
      kind: 's3',
      bucket: buckets.catalogue,
      endpoint,
      accessKey: { env: 'JOB' },
      secretKey: { env: 'PASSWORD' },
    },
  });
}

async function admitUsers({ name, options }: S3Server): Promise<void> {
  const { accessKey, secretKey, endpoint, region } = options;
  const container = new Docker().getContainer(name);
  const root = [
    'versitygw',
    'admin',
    '--access',
    accessKey,
    '--secret',
    secretKey,
    '--endpoint-url',
    'http://127.0.0.1:7070',
  ];
  for (const [user] of Object.values(policies).flat()) {
    const command = [...root, 'create-user', '--access', user, '--secret', password(user), '--role', 'user'];
    const { exitCode, stdout, stderr } = await execIn(container, command);
    if (exitCode !== 0) throw new Error(`create-user ${user}: ${stdout}${stderr}`);
  }
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
  const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
  for (const [Bucket, granted] of Object.entries(policies)) {
    await client.send(new CreateBucketCommand({ Bucket }));
    const Policy = JSON.stringify(await bucketPolicy(granted));
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  }
  client.destroy();
}

/** The server has policies of buckets, not of users: the same statements, each for its user. */
async function bucketPolicy(granted: [user: string, policy: string][]) {
  const statements = granted.map(async ([user, policy]) => {
    const text = await readFile(new URL(`aws/${policy}.json`, rights), 'utf8');
    const { Statement } = JSON.parse(text) as { Statement: { Sid: string }[] };
    return Statement.map((statement) => ({ ...statement, Sid: user + statement.Sid, Principal: { AWS: [user] } }));
  });
  return { Version: '2012-10-17', Statement: (await Promise.all(statements)).flat() };
}

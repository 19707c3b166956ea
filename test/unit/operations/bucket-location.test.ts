import { Failure } from '../../../domain/failures.ts';
import type { DeploymentCapture } from '../../../domain/deployment.ts';
import { storesOfKind } from '../../../domain/platform.ts';
import { repositoryBucket, type BucketAccess } from '../../../operations/repository/bucket-location.ts';
import { demoPlatform } from '../../demo-situation.ts';

const secrets = { 's3.client.default.access_key': 'a', 's3.client.default.secret_key': 's' };
const dead = new Failure('ElasticsearchUnreachable', { message: 'Dead', remedy: 'Start it' });

/** Nodes that answer with `nodes`, or are dead and were captured with `environment`. */
function access({ nodes, environment = [] }: { nodes?: object; environment?: string[] }): BucketAccess {
  const client = {
    nodes: { info: () => Promise.resolve({ nodes: { n1: { settings: nodes } } }) },
    close: () => Promise.resolve(),
  };
  return {
    storeSecrets: () => Promise.resolve(secrets),
    elasticsearch: () => (nodes ? Promise.resolve(client as never) : Promise.reject(dead)),
    captureOf: () =>
      Promise.resolve({
        containers: [{ service: 'elasticsearch', create: { Env: environment } }],
        files: [],
      } as unknown as DeploymentCapture),
  };
}

function find(settings: Record<string, string>, given: Parameters<typeof access>[0] = {}) {
  const [store] = storesOfKind(demoPlatform(), 'elasticsearch');
  store!.repository = { name: 'r', type: 's3', settings };
  return repositoryBucket(access(given), store!);
}

test.each<[string, Record<string, string>, Parameters<typeof access>[0], object]>([
  ['a whole URL stays as it is', { endpoint: 'http://h:1' }, {}, { endpoint: 'http://h:1', region: 'us-east-1' }],
  ['no scheme: https, as Elasticsearch has it', { endpoint: 'h:1' }, {}, { endpoint: 'https://h:1' }],
  ['no scheme, and a protocol', { endpoint: 'h:1', protocol: 'http' }, {}, { endpoint: 'http://h:1' }],
  [
    "the living node's client",
    {},
    { nodes: { 's3.client.default.endpoint': 'http://s3:9000', 's3.client.default.region': 'eu-1' } },
    { endpoint: 'http://s3:9000', region: 'eu-1' },
  ],
  [
    'its protocol, for an endpoint of the repository',
    { endpoint: 'h:1' },
    { nodes: { 's3.client.default.protocol': 'http' } },
    { endpoint: 'http://h:1' },
  ],
  [
    "the dead node's variables",
    {},
    { environment: ['s3.client.default.endpoint=minio:9000', 's3.client.default.protocol=http'] },
    { endpoint: 'http://minio:9000' },
  ],
  ['nothing anywhere: Amazon', {}, {}, { endpoint: undefined, region: 'us-east-1' }],
])('%s', async (_, settings, given, wanted) => {
  expect(await find({ bucket: 'b', ...settings }, given)).toMatchObject({ bucket: 'b', ...wanted });
});

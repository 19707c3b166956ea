import { proposePlatform } from '../../../../domain/init/propose.ts';
import { recognise } from '../../../../domain/init/recognise.ts';
import { startOrder } from '../../../../domain/init/start-order.ts';
import { healthAddressOf } from '../../../../domain/init/health-address.ts';
import { demoSeen, nuvlaSeen, seenService } from './seen-samples.ts';

const openPlaces = (proposal: ReturnType<typeof proposePlatform>) =>
  proposal.remarks.flatMap(({ at, open }) => (open ? [at.join('.')] : []));

test('the demo platform is recognised whole: services, order, repository, secrets and queue', () => {
  const proposal = proposePlatform('demo', demoSeen());
  expect(proposal.content).toEqual({
    platform: 'demo',
    deployment: {
      kind: 'compose',
      project: 'demo',
      data: ['zookeeper', 'elasticsearch'],
      core: ['api', 'job-executor', 'job-distributor'],
      alsoStop: [],
    },
    stores: [
      {
        name: 'documents',
        kind: 'elasticsearch',
        service: 'elasticsearch',
        indices: ['*'],
        repository: {
          name: 's3_backup',
          type: 's3',
          settings: { bucket: 'demo-es', endpoint: 'http://172.17.0.1:9000', path_style_access: 'true' },
        },
        secrets: {
          's3.client.default.access_key': { file: '/srv/demo/secrets/s3_access_key' },
          's3.client.default.secret_key': { file: '/srv/demo/secrets/s3_secret_key' },
        },
      },
      {
        name: 'jobs',
        kind: 'zookeeper-queue',
        service: 'zookeeper',
        path: '/job',
        from: { store: 'documents', index: 'nuvla-job' },
        defaultPriority: 999,
      },
    ],
    catalogue: { kind: 'directory', path: '/var/lib/rekindle/catalogue' },
  });
  // What is left to a person.
  expect(openPlaces(proposal)).toEqual(['stores.1.from', 'catalogue']);
});

test('Nuvla on Swarm: exporters and neighbours are clients, other stores and Rekindle itself are left alone', () => {
  const { content, roles, remarks } = proposePlatform('nuvla', nuvlaSeen());
  expect(content.deployment).toMatchObject({
    kind: 'swarm',
    stack: 'nuvla',
    data: ['es', 'zk'],
    core: ['api', 'job-executor', 'job-distributor'],
    alsoStop: ['es-exporter', 'streams/subs-notifs'],
    secrets: { s3_access_key: { file: '/etc/rekindle/secrets/s3_access_key' } },
  });
  expect(roles.leftOut.map(({ service }) => service).toSorted()).toEqual(['rk/worker', 'store', 'ui']);
  expect(content.smoke).toEqual([{ service: 'api', port: 8200, path: '/api/cloud-entry-point' }]);
  // A Swarm secret's value is on no host: a person must put it there.
  const secret = remarks.find(({ at }) => at.at(-1) === 's3.client.default.secret_key');
  expect(secret).toMatchObject({ open: true });
});

test('a health check that does not answer from here is only suggested', () => {
  const { content, suggestions } = proposePlatform('nuvla', { ...nuvlaSeen(), healthAnswers: {} });
  expect(content.smoke).toBeUndefined();
  expect(suggestions.map(({ content }) => content)).toContainEqual({
    smoke: [{ service: 'api', port: 8200, path: '/api/cloud-entry-point' }],
  });
});

test('nodes of one cluster are one store, those of two are two', () => {
  const node = (service: string) => seenService(service, { image: 'elasticsearch:8.19.0' });
  const answer = (clusterUuid: string) => ({
    ...demoSeen().elasticsearch['elasticsearch'],
    clusterUuid,
  });
  const { content } = proposePlatform('demo', {
    ...demoSeen({ zookeeper: {} }),
    services: [node('es01'), node('es02'), node('other')],
    elasticsearch: { es01: answer('a'), es02: answer('a'), other: answer('b') } as never,
  });
  expect(content.stores.map(({ name, service }) => [name, service])).toEqual([
    ['documents', ['es01', 'es02']],
    ['documents-2', 'other'],
  ]);
});

test('a store that wants a log-in gets one by reference, and the repository is asked for', () => {
  const proposal = proposePlatform(
    'demo',
    demoSeen({ elasticsearch: { elasticsearch: { kind: 'refused', scheme: 'https' } } }),
  );
  expect(proposal.content.stores[0]).toMatchObject({
    scheme: 'https',
    username: 'elastic',
    password: { file: '/etc/rekindle/secrets/elastic_password' },
    repository: { type: 's3', settings: { bucket: 'demo-snapshots' } },
  });
  expect(openPlaces(proposal)).toEqual(
    expect.arrayContaining(['stores.0', 'stores.0.username', 'stores.0.password', 'stores.0.repository']),
  );
});

test("a registration's secrets and its read-only mark never reach the file", () => {
  const seen = demoSeen();
  const answer = seen.elasticsearch['elasticsearch'];
  if (answer?.kind !== 'answered') throw new Error('the sample answers');
  answer.repositories = [
    {
      name: 'old',
      type: 's3',
      settings: { bucket: 'b', secret_key: 'hunter2', access_key: 'AKID', readonly: 'true', base_path: '${HOME}/x' },
      readonly: true,
    },
  ];
  const proposal = proposePlatform('demo', seen);
  expect(proposal.content.stores[0]).toMatchObject({ repository: { settings: { bucket: 'b' } } });
  expect(JSON.stringify(proposal)).not.toMatch(/hunter2|AKID/);
  expect(openPlaces(proposal)).toEqual(expect.arrayContaining(['stores.0.repository', 'stores.0.repository.settings']));
});

test('a ZooKeeper without a known queue is a data service, and its store a suggestion', () => {
  const { content, suggestions } = proposePlatform(
    'demo',
    demoSeen({ zookeeper: { zookeeper: { kind: 'answered', queues: [], nodes: ['/brokers'] } } }),
  );
  expect(content.stores).toHaveLength(1);
  expect(content.deployment).toMatchObject({ data: ['zookeeper', 'elasticsearch'] });
  expect(suggestions[0]?.text).toContain('/brokers');
});

test('where nothing can be backed up there is nothing to propose, and what was seen is named', () => {
  const propose = () => proposePlatform('demo', demoSeen({ services: [seenService('web', { image: 'nginx:1' })] }));
  expect(propose).toThrow(expect.objectContaining({ kind: 'ServiceNotFound' }) as Error);
  expect(propose).toThrow(/web \(nginx:1\)/);
});

describe('recognition', () => {
  test.each([
    ['docker.elastic.co/elasticsearch/elasticsearch:8.1@sha256:00', 'elasticsearch'],
    ['localhost:5000/acme/elasticsearch', 'elasticsearch'],
    ['bitnami/zookeeper:3', 'zookeeper'],
    ['confluentinc/cp-zookeeper:7', 'zookeeper'],
    ['prometheuscommunity/elasticsearch-exporter:v1', undefined],
    ['docker.elastic.co/kibana/kibana:8', undefined],
    ['elasticsearch-setup:1', undefined],
    ['postgis/postgis:16-3.4', 'postgres'],
    ['bitnami/postgresql-repmgr:15', 'postgres'],
    ['percona:8', 'mysql'],
    ['valkey/valkey:8-alpine', 'redis'],
    ['quay.io/coreos/etcd:v3.5.5', 'etcd'],
    ['prometheuscommunity/postgres-exporter', undefined],
    ['acme/postgres-backup-local', undefined],
    ['bitnami/redis-sentinel:7', undefined],
    ['mongo:7', undefined],
    ['nginx:1', undefined],
  ])('%s', (image, kind) => {
    expect(recognise(seenService('x', { image }))?.kind).toBe(kind);
  });

  test('an image of another name needs two signs', () => {
    const variables = ['ELASTIC_CONTAINER'];
    expect(recognise(seenService('search', { variables }))).toBeUndefined();
    expect(recognise(seenService('search', { variables, ports: [9200] }))?.kind).toBe('elasticsearch');
    expect(recognise(seenService('locks', { ports: [2181], mounts: ['/datalog'] }))?.kind).toBe('zookeeper');
    expect(recognise(seenService('base', { ports: [5432], variables: ['PG_MAJOR'] }))?.kind).toBe('postgres');
    // A client that knows where the server is, and its password.
    const client = { variables: ['POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'MYSQL_DATABASE'], ports: [8080] };
    expect(recognise(seenService('web', client))).toBeUndefined();
  });
});

test('start order: dependencies before names, distributors last, circles by name', () => {
  expect(
    startOrder([
      { service: 'b', dependsOn: ['c', 'elasticsearch'] },
      { service: 'job-distributor', dependsOn: [] },
      { service: 'c', dependsOn: [] },
      { service: 'a', dependsOn: ['b'] },
    ]),
  ).toEqual(['c', 'b', 'a', 'job-distributor']);
  expect(
    startOrder([
      { service: 'y', dependsOn: ['x'] },
      { service: 'x', dependsOn: ['y'] },
    ]),
  ).toEqual(['x', 'y']);
});

describe("an address in a health check's words", () => {
  test.each([
    [['CMD-SHELL', 'curl -f http://localhost:8080/healthz || exit 1'], { port: 8080, path: '/healthz' }],
    [['CMD', 'wget', '-q', '-O-', 'http://127.0.0.1:3000'], { port: 3000, path: '/' }],
    [['CMD-SHELL', "curl 'http://localhost/ping'"], { port: 80, path: '/ping' }],
    [['CMD-SHELL', 'curl http://localhost:80/x?token=abc'], undefined],
    [['CMD-SHELL', 'curl http://user:pw@localhost:80/x'], undefined],
    [['CMD', './healthcheck.sh'], undefined],
    [['NONE'], undefined],
  ])('%j', (check, address) => {
    expect(healthAddressOf(check)).toEqual(address);
  });
});

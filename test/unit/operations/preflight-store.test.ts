import { checkRepository } from '../../../operations/preflight/repository.ts';
import { checkRepositoryType } from '../../../operations/preflight/repository-type.ts';
import { checkRunning } from '../../../operations/preflight/running.ts';
import type { StoreSeen } from '../../../operations/preflight/observe-store.ts';
import { checkNodeCount } from '../../../operations/preflight/nodes.ts';
import { checkVersion } from '../../../operations/preflight/version.ts';
import { checkWriters } from '../../../operations/preflight/writers.ts';
import { Failure } from '../../../domain/failures.ts';
import { observeMetadata } from '../../../systems/elasticsearch/repository/snapshot-metadata.ts';
import { observeShards } from '../../../systems/elasticsearch/repository/repository-shards.ts';
import { readRepositoryIndex } from '../../../systems/elasticsearch/repository/repository-index.ts';
import { scratchSettings } from '../../../systems/elasticsearch/scratch-settings.ts';
import { scratchBody } from '../../../systems/docker/side-containers/scratch-container.ts';
import { bucketSeen, elasticsearchSeen, own, storeSeen } from './preflight-seen.ts';

const all = [checkRepository, checkRepositoryType, checkVersion, checkNodeCount, checkRunning, checkWriters];
const faultsOf = (seen: StoreSeen) =>
  all
    .map((check) => check(seen))
    .filter((check) => check !== undefined)
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ name, verdict, evidence, remedy }) => {
      expect(remedy).not.toBe('');
      return `${name} ${verdict}: ${evidence}`;
    });
const elasticsearch = (change: Parameters<typeof elasticsearchSeen>[0]) => ({
  elasticsearch: { seen: elasticsearchSeen(change) },
});
const bucket = (change: Parameters<typeof bucketSeen>[0]) => ({ bucket: { seen: bucketSeen(change) } });
const none = { unseen: 'not to be seen' };
const unreachable = new Failure('ServiceUnhealthy', { message: 'the scratch died', remedy: 'look at it' });

test('all is well', () => {
  expect(faultsOf(storeSeen())).toEqual([]);
  expect(checkRepository(storeSeen())?.evidence).toBe(
    'snapshot.2026-11-21t0930z is in bucket snapshots: SUCCESS, 2 of 2 indices, 4 shards; Elasticsearch reads it: SUCCESS, 2 indices, 4 of 4 shards',
  );
});

test.each([
  [{ snapshots: [] }, /is not in bucket snapshots, which holds 0 snapshots/],
  [{ snapshots: [{ name: 'snapshot.2026-11-21t0930z', state: 'PARTIAL' as const }] }, /is PARTIAL in bucket snapshots/],
  [{ content: { faults: ['the index nuvla-old'], seen: '' } }, /is incomplete: the index nuvla-old/],
])('repository: the bucket says %o', (change, says) => {
  expect(faultsOf(storeSeen(bucket(change)))).toEqual([expect.stringMatching(says)]);
});

test.each([
  [{ state: 'FAILED' as const, indices: [], shards: {} }, /Elasticsearch reads it: .* is FAILED/],
  [{ state: 'SUCCESS' as const, indices: ['nuvla-old'], shards: { 'nuvla-old': 2 } }, /lacks the index nuvla-job/],
  [
    { state: 'SUCCESS' as const, indices: ['nuvla-job', 'nuvla-old'], shards: { 'nuvla-job': 2, 'nuvla-old': 1 } },
    /lacks 1 of 2 shards of nuvla-old/,
  ],
])('repository: Elasticsearch says %o', (seen, says) => {
  expect(faultsOf(storeSeen(elasticsearch({ snapshot: { seen } })))).toEqual([expect.stringMatching(says)]);
});

test('repository: neither can see it; a failure of one check is reported with the result of the other', () => {
  const blind = storeSeen({ bucket: none, ...elasticsearch({ snapshot: none, names: none }) });
  expect(faultsOf(blind).filter((fault) => fault.startsWith('repository documents'))).toEqual([
    'repository documents inconclusive: not to be seen; not to be seen',
  ]);
  expect(
    faultsOf(storeSeen({ elasticsearch: { failure: unreachable }, living: { answers: false, runs: false } })),
  ).toEqual([
    'repository documents fail: the scratch died',
    'repository type documents inconclusive: Not known: the scratch died',
  ]);
  const secret = new Failure('MissingSecret', { message: 'x', remedy: 'y' });
  expect(checkRepository(storeSeen({ bucket: { failure: secret } }))?.evidence).toBe(
    'Cannot be checked without its secrets',
  );
});

test('repository: a bucket that only Elasticsearch reaches is a warning; one that is damaged or refuses is none', () => {
  const silent = new Failure('ObjectStorageUnreachable', {
    message: 'No answer from minio:9000',
    remedy: 'Open it',
  });
  expect(checkRepository(storeSeen({ bucket: { failure: silent } }))).toMatchObject({
    verdict: 'pass',
    warning: true,
    evidence: expect.stringMatching(/^Elasticsearch reads it: SUCCESS.*cannot be read from here: No answer/) as string,
    remedy: 'Open it',
  });
  // What the platform file names is what the restore registers, with these secrets.
  for (const kind of ['RepositoryCorrupted', 'WrongCredentials', 'BucketMissing'] as const) {
    const failure = new Failure(kind, { message: 'Refused', remedy: 'Correct it' });
    expect(checkRepository(storeSeen({ bucket: { failure } }))).toMatchObject({ verdict: 'fail' });
  }
  // Nor does it pass when Elasticsearch cannot read it either.
  const blind = storeSeen({ bucket: { failure: silent }, ...elasticsearch({ snapshot: none }) });
  expect(checkRepository(blind)).toMatchObject({ verdict: 'fail' });
});

test('checks that need a skipped look are left out', () => {
  const seen = storeSeen({ elasticsearch: { unseen: 'dead', omitted: true }, living: { answers: false, runs: false } });
  expect(faultsOf(seen)).toEqual([]);
  expect(checkRepositoryType(seen)).toBeUndefined();
  const blind = { ...seen, bucket: none };
  expect([checkRepository(blind), checkWriters(blind)]).toEqual([undefined, undefined]);
});

test('repository type: not on every node', () => {
  expect(faultsOf(storeSeen(elasticsearch({ lackingType: { seen: ['n2'] }, snapshot: none })))).toEqual([
    'repository type documents fail: No repository type "s3" on n2',
  ]);
});

test('snapshots running: snapshots, restores; what is dead runs nothing', () => {
  const running = (work: { snapshots: string[]; restores: string[] }) =>
    faultsOf(storeSeen(elasticsearch({ running: { seen: work } })));
  expect(running({ snapshots: ['s3_backup/other'], restores: [] })).toEqual([
    'snapshots running documents fail: 1 snapshots run: s3_backup/other',
  ]);
  expect(running({ snapshots: [], restores: ['nuvla-job[0]'] })).toEqual([
    'snapshots running documents fail: 1 shards are being restored: nuvla-job[0]',
  ]);
  expect(checkRunning(storeSeen({ living: { answers: false, runs: true } })).evidence).toContain(
    'runs but does not answer',
  );
});

test('writers: a foreign cluster with snapshots that the catalogue does not know', () => {
  const snapshots = [...bucketSeen().snapshots, { name: 'of-another', state: 'SUCCESS' as const }];
  expect(faultsOf(storeSeen(bucket({ writer: 'foreign', snapshots })))).toEqual([
    "writers documents fail: Last written by the cluster foreign, which is not this platform's; 2 snapshots, 1 of them not in the catalogue: of-another",
  ]);
  const known = { seen: { snapshots: new Set<string>(), clusters: new Set(['foreign']) } };
  expect(faultsOf(storeSeen({ ...bucket({ writer: 'foreign', snapshots }), known }))).toEqual([]);
  expect(faultsOf(storeSeen(bucket({ writer: own, snapshots })))).toEqual([]);
  expect(faultsOf(storeSeen(bucket({ writer: 'foreign' })))).toEqual([]);
  const unsaid = bucketSeen({ snapshots });
  delete unsaid.writer;
  expect(checkWriters(storeSeen({ bucket: { seen: unsaid } }))).toMatchObject({
    verdict: 'pass',
    evidence: expect.stringContaining('does not record which cluster wrote it last') as string,
  });
  const failed = faultsOf(storeSeen({ bucket: { failure: unreachable }, ...elasticsearch({ names: none }) }));
  expect(failed.at(-1)).toMatch(/^writers documents inconclusive/);
  // Without the bucket nobody says who wrote: all known is a pass, an unknown snapshot is not.
  expect(faultsOf(storeSeen({ bucket: none }))).toEqual([]);
  expect(faultsOf(storeSeen({ bucket: none, ...elasticsearch({ names: { seen: ['of-another'] } }) }))).toEqual([
    expect.stringMatching(/^writers documents inconclusive/),
  ]);
});

const objects: Record<string, unknown> = {
  'index-9': {},
  'index-12': {
    cluster_id: '_na_',
    snapshots: [{ name: 's1', uuid: 'u1', state: 1 }],
    indices: {
      one: { id: 'i1', snapshots: ['u1'], shard_generations: ['g', 'g'] },
      other: { id: 'i2', snapshots: ['u0'] },
    },
  },
  'indices/i1/0/snap-u1.dat': {},
};
const storage = {
  description: 'memory',
  get: (key: string) => Promise.resolve(new TextEncoder().encode(JSON.stringify(objects[key]))),
  async *list(prefix: string) {
    for (const key of Object.keys(objects).filter((each) => each.startsWith(prefix)))
      yield await Promise.resolve({ key, bytes: 1 });
  },
};

test('what a repository holds, by its own index and files', async () => {
  const index = await readRepositoryIndex(storage);
  expect(index).toEqual({
    generation: 12,
    file: { bytes: expect.any(Number) as number, crc: expect.any(Number) as number },
    snapshots: [{ name: 's1', uuid: 'u1', state: 'SUCCESS', indexMetadata: {} }],
    indices: {
      one: { id: 'i1', snapshots: ['u1'], shardGenerations: ['g', 'g'] },
      other: { id: 'i2', snapshots: ['u0'] },
    },
    indexMetadataFiles: {},
  });
  expect(await observeShards(storage, index, 's1', [{ name: 'one', primaries: 2 }])).toEqual({
    missing: ['one[1]'],
    shards: 2,
  });
});

test('a scratch node inherits nothing that ties it to the platform', () => {
  const body = scratchBody({
    Hostname: 'es1',
    Env: [
      'discovery.seed_hosts=es2',
      'ES_SETTING_CLUSTER_INITIAL__MASTER__NODES=es1',
      's3.client.default.endpoint=http://s3',
      'ES_JAVA_OPTS=-Xmx4g -Dtrust=x',
    ],
    Cmd: ['-Ecluster.initial_master_nodes=es1', '-E', 'path.data=/d', '-E', 's3.client.default.region=r', 'run'],
    Entrypoint: ['start'],
    ExposedPorts: { '9200/tcp': {} },
    Volumes: { '/data': {} },
    Labels: { 'com.docker.compose.project': 'demo' },
    HostConfig: {
      Binds: ['demo_es-data:/data'],
      Mounts: [{ Type: 'bind' }],
      PortBindings: { '9200/tcp': [{ HostPort: '9200' }] },
      RestartPolicy: { Name: 'always' },
      NetworkMode: 'demo_back',
      ExtraHosts: ['s3:10.0.0.1'],
      Links: null,
    },
    NetworkingConfig: { EndpointsConfig: { demo_back: { Aliases: ['es'] } } },
  });
  expect(body).toEqual({
    Env: expect.any(Array) as string[],
    Cmd: expect.any(Array) as string[],
    Entrypoint: ['start'],
    Healthcheck: { Test: ['NONE'] },
    HostConfig: { ExtraHosts: ['s3:10.0.0.1'], RestartPolicy: { Name: 'no' } },
  });
  expect(scratchSettings(body, 9201)).toEqual({
    Env: [
      's3.client.default.endpoint=http://s3',
      'cluster.name=rekindle-scratch',
      'discovery.type=single-node',
      'network.host=0.0.0.0',
      'http.port=9201',
      'xpack.security.enabled=false',
      'ES_JAVA_OPTS=-Dtrust=x -Xms512m -Xmx512m',
    ],
    Cmd: ['-E', 's3.client.default.region=r', 'run'],
  });
});

test('the list of a shard is looked for, also where its random generation begins with an underscore', async () => {
  const repository = {
    generation: 12,
    snapshots: [{ name: 's1', uuid: 'u1', state: 'SUCCESS' as const, indexMetadata: {} }],
    indices: { one: { id: 'i1', snapshots: ['u1'], shardGenerations: ['_qJ3', '_new', null] } },
    indexMetadataFiles: {},
  };
  const nothing = { get: () => Promise.resolve(undefined) };
  const { files, faults } = await observeMetadata(nothing, repository, 's1', [{ name: 'one' }]);
  expect(files).toBe(4);
  expect(faults).toContain('one[0]: indices/i1/0/index-_qJ3 is not there');
});

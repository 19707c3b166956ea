import { Failure } from '../../../domain/failures.ts';
import type { PathsOfStores } from '../../../domain/mounts.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { observeData } from '../../../operations/preflight/observe-data.ts';
import { findStorePaths } from '../../../operations/stores/store-paths.ts';
import type { TrialTask } from '../../../systems/docker/quarantine/trial.ts';
import { demoObserved, demoPaths, demoPlatform, demoSituation, whollyGone } from '../../demo-situation.ts';

/** The demo platform, whose containers have this environment; its Elasticsearch is dead, or says where its data lies. */
function openWith(environment: Record<string, string>, living?: string): OpenPlatform {
  const client = {
    nodes: { info: () => Promise.resolve({ nodes: { a: { settings: { path: { data: living, home: '/h' } } } } }) },
    cluster: { getSettings: () => Promise.resolve({}) },
    cat: { indices: () => Promise.resolve([]) },
    close: () => Promise.resolve(),
  };
  return {
    platform: demoPlatform(),
    docker: {
      readConfiguration: () => Promise.resolve({ environment, words: [], file: () => Promise.resolve(undefined) }),
    },
    elasticsearch: () =>
      living === undefined
        ? Promise.reject(new Failure('ElasticsearchUnreachable', { message: 'It is dead', remedy: 'Restore it' }))
        : Promise.resolve(client),
  } as unknown as OpenPlatform;
}

const recorded: PathsOfStores = {
  documents: { data: ['/recorded'], repositories: [], logs: [], source: 'server', disk: { low: '91%', copies: 2 } },
};
const dataOf = async (open: OpenPlatform, observed = demoObserved(), before?: PathsOfStores) => {
  const { documents } = await findStorePaths(open, observed, before);
  return [documents?.data, documents?.source, documents?.disk?.low];
};

test('where data lies: the server, the configuration, what was recorded, what is usual, in this order', async () => {
  const configured = { 'path.data': '/configured' };
  expect(await dataOf(openWith(configured, '/living'), undefined, recorded)).toEqual([['/living'], 'server', '91%']);
  expect(await dataOf(openWith(configured, '/living'))).toEqual([['/living'], 'server', '85%']);
  expect(await dataOf(openWith(configured), undefined, recorded)).toEqual([['/configured'], 'configuration', '91%']);
  expect(await dataOf(openWith({}), undefined, recorded)).toEqual([['/recorded'], 'server', '91%']);
  expect(await dataOf(openWith({}))).toEqual([['/usr/share/elasticsearch/data'], 'convention', '85%']);
  expect(await dataOf(openWith({}), whollyGone(), recorded)).toEqual([['/recorded'], 'server', '91%']);
  expect(await dataOf(openWith({}), whollyGone())).toEqual([undefined, undefined, undefined]);
});

describe('what the engine says of data', () => {
  const tried: string[][] = [];
  const docker = {
    tryQuarantine: ({ volumes }: TrialTask) => {
      tried.push(volumes);
      return Promise.resolve({
        'demo_es-data': { isThere: true, immovable: 'it lies elsewhere' },
        '/srv/zk': { isThere: true, usedBy: ['demo_zookeeper_1', 'other'] },
        '/srv/gone': { isThere: false },
      });
    },
  } as unknown as OpenPlatform['docker'];
  const situation = (volumes: 'quarantine' | 'remove') => {
    const made = demoSituation({ volumes, storePaths: demoPaths() });
    for (const container of [...made.observed.containers, ...made.capture.containers])
      for (const mount of container.mounts)
        if (mount.destination.startsWith('/data'))
          Object.assign(mount, { type: 'bind', source: mount.destination === '/data' ? '/srv/zk' : '/srv/gone' });
    return made;
  };

  test('each data volume is tried, each folder looked for', async () => {
    const { volumes } = await observeData({ docker }, situation('quarantine'));
    expect(tried.pop()).toEqual(['demo_es-data', '/srv/zk', '/srv/gone']);
    expect(volumes.find(({ name }) => name === 'demo_es-data')?.immovable).toBe('it lies elsewhere');
    expect(volumes.find(({ name }) => name === '/srv/zk')).toMatchObject({
      driver: 'bind',
      usedBy: ['demo_zookeeper_1', 'other'],
    });
    expect(volumes.map(({ name }) => name)).not.toContain('/srv/gone');
  });

  test('what is to be removed needs no rename', async () => {
    const { volumes } = await observeData({ docker }, situation('remove'));
    expect(tried.pop()).toEqual(['/srv/zk', '/srv/gone']);
    expect(volumes.find(({ name }) => name === 'demo_es-data')?.immovable).toBeUndefined();
  });
});

import type { Mount } from '../../../domain/mounts.ts';
import { mountFates } from '../../../domain/plans/mount-fates.ts';
import { misplacedData } from '../../../domain/plans/mount-faults.ts';
import type { RestoreSituation } from '../../../domain/plans/plan-restore.ts';
import { storesOfKind } from '../../../domain/platform.ts';
import { demoSituation, whollyGone } from '../../demo-situation.ts';
import { ids, planOf, withAction } from './plan-queries.ts';

const home = '/usr/share/elasticsearch';

/** The demo platform whose Elasticsearch has these mounts instead of its own. */
function withMounts(mounts: Partial<Mount>[], change: (situation: RestoreSituation) => void = () => undefined) {
  const situation = demoSituation();
  const full = mounts.map((mount): Mount => ({
    type: 'volume',
    source: 'v',
    destination: '/x',
    readOnly: false,
    ...mount,
  }));
  for (const container of [...situation.observed.containers, ...situation.capture.containers])
    if (container.service === 'elasticsearch') {
      container.mounts = structuredClone(full);
      container.volumes = full.flatMap(({ type, source }) => (type === 'volume' ? [source] : []));
    }
  for (const { source, type } of full)
    if (type !== 'tmpfs')
      situation.observed.volumes.push({
        name: source,
        createdAt: '',
        driver: type === 'bind' ? 'bind' : 'local',
        hasOptions: false,
        usedBy: [],
        finished: [],
      });
  change(situation);
  return situation;
}

const fateOf = (situation: RestoreSituation, source: string) =>
  mountFates(situation)
    .filter((fate) => fate.source === source)
    .map(({ goes, why }) => `${goes ? 'goes' : 'stays'}: ${why}`);

const quarantined = (situation: RestoreSituation) =>
  withAction(planOf(situation), 'quarantineVolume').map((step) => step.arguments.volume);

/** A repository of the type `fs` at this place, of the demo's one Elasticsearch. */
function withRepository(situation: RestoreSituation, location: string, allowed: string[] = ['/backups']) {
  storesOfKind(situation.platform, 'elasticsearch')[0]!.repository = { name: 'fs', type: 'fs', settings: { location } };
  situation.storePaths['documents']!.repositories = allowed;
}

const data = { source: 'esdata', destination: `${home}/data` };

describe('what holds data goes, everything else stays', () => {
  test('the repository on a volume of its own stays, also when volumes are removed', () => {
    const situation = withMounts([data, { source: 'backups', destination: '/backups' }], (one) =>
      withRepository(one, '/backups'),
    );
    expect(fateOf(situation, 'esdata')).toEqual([`goes: data of documents (${home}/data)`]);
    expect(fateOf(situation, 'backups')).toEqual(['stays: holds the repository of documents (/backups)']);
    expect(misplacedData(situation)).toEqual([]);
    expect(quarantined(situation)).not.toContain('backups');
    const removing = planOf({ ...situation, volumes: 'remove' });
    expect(ids(removing)).toContain('remove-esdata');
    expect(ids(removing)).not.toContain('remove-backups');
    expect(ids(removing)).not.toContain('create-volume-backups');
  });

  test('analysis files, certificates, plugins, logs stay, and what nobody knows', () => {
    const situation = withMounts([
      data,
      { source: 'analysis', destination: `${home}/config/analysis` },
      { source: 'plugins', destination: `${home}/plugins` },
      { source: 'logs', destination: `${home}/logs` },
      { source: 'odd', destination: '/odd' },
      { source: 'ro', destination: `${home}/data/shared`, readOnly: true },
      { source: '', type: 'tmpfs', destination: '/tmp' },
    ]);
    expect(quarantined(situation).toSorted()).toEqual(['demo_zk-data', 'demo_zk-log', 'esdata']);
    expect(fateOf(situation, 'analysis')).toEqual([`stays: program or configuration of documents (${home})`]);
    expect(fateOf(situation, 'odd')).toEqual(['stays: holds no data of documents, as far as is known']);
    expect(fateOf(situation, 'logs')).toEqual([`stays: logs of documents (${home}/logs)`]);
    expect(fateOf(situation, 'ro')).toEqual(['stays: mounted read-only']);
    expect(fateOf(situation, '')).toEqual(['stays: in memory: empty at each start']);
  });

  test('a mount above the data path goes, unless a deeper one holds the data; one below it goes, too', () => {
    expect(fateOf(withMounts([{ source: 'up', destination: '/usr/share' }]), 'up')).toEqual([
      `goes: data of documents (${home}/data)`,
    ]);
    const both = withMounts([
      { source: 'up', destination: home },
      data,
      { source: 'down', destination: `${home}/data/hot` },
    ]);
    expect(fateOf(both, 'up')).toEqual([`stays: program or configuration of documents (${home})`]);
    expect(fateOf(both, 'down')).toEqual([`goes: data of documents (${home}/data)`]);
    // A name that only begins alike is another folder.
    expect(fateOf(withMounts([data, { source: 'alike', destination: `${home}/data2` }]), 'alike')[0]).toMatch(/^stays/);
  });

  test('a bind-mounted data folder is set aside as a volume is', () => {
    const situation = withMounts([
      { type: 'bind', source: '/srv/es', destination: `${home}/data` },
      { source: 'logs', destination: `${home}/logs` },
    ]);
    expect(quarantined(situation)).toContain('/srv/es');
    expect(quarantined(situation)).not.toContain('logs');
    expect(misplacedData(situation)).toEqual([]);
    const removing = planOf({ ...situation, volumes: 'remove' });
    expect(withAction(removing, 'removeVolume').map((step) => step.arguments.volume)).toContain('/srv/es');
    // A folder can be emptied under the container that mounts it.
    expect(ids(removing)).not.toContain('remove-containers-elasticsearch');
  });

  test('a data folder that is lost is created again, as a volume is', () => {
    const situation = withMounts([{ type: 'bind', source: '/srv/es', destination: `${home}/data` }], (one) => {
      one.capture.volumes.push({ name: '/srv/es', host: 'machine' });
      one.observed = whollyGone();
    });
    expect(ids(planOf(situation))).toContain('create-volume-/srv/es');
    expect(quarantined(situation)).toEqual([]);
  });

  test('after the containers are gone the capture says what holds data', () => {
    const situation = withMounts([data, { source: 'backups', destination: '/backups' }]);
    const left = situation.observed.volumes;
    situation.observed = { ...whollyGone(), volumes: left };
    expect(quarantined(situation)).toContain('esdata');
    expect(quarantined(situation)).not.toContain('backups');
  });

  test('the platform file overrules, for a service without a store as well', () => {
    const situation = withMounts([data, { source: 'odd', destination: '/odd' }], ({ platform }) => {
      platform.deployment.volumes = { odd: 'data', 'demo_zk-log': 'keep' };
    });
    expect(fateOf(situation, 'odd')).toEqual(['goes: deployment.volumes of the platform file: data']);
    expect(quarantined(situation).toSorted()).toEqual(['demo_zk-data', 'esdata', 'odd']);
  });

  test('a data service without a store keeps everything; what two services share has one fate', () => {
    const situation = withMounts([data], ({ platform, observed }) => {
      platform.stores = platform.stores.filter(({ name }) => name === 'documents');
      observed.containers.find(({ service }) => service === 'api')!.mounts = [
        { type: 'volume', source: 'esdata', destination: '/es', readOnly: true },
      ];
    });
    expect(fateOf(situation, 'demo_zk-data')).toEqual(['stays: it is not known where zookeeper keeps its data']);
    expect(fateOf(situation, 'esdata')).toEqual([
      `goes: data of documents (${home}/data)`,
      `goes: elasticsearch mounts it too: data of documents (${home}/data)`,
    ]);
  });

  test('the plan lists every mount with its fate', () => {
    const situation = withMounts([data, { source: 'logs', destination: `${home}/logs` }]);
    expect(planOf(situation).mounts?.map(({ service, source, goes }) => [service, source, goes])).toEqual([
      ['elasticsearch', 'esdata', true],
      ['elasticsearch', 'logs', false],
      ['zookeeper', 'demo_zk-data', true],
      ['zookeeper', 'demo_zk-log', true],
    ]);
  });
});

describe('what would go wrong is said', () => {
  const evidence = (situation: RestoreSituation) => misplacedData(situation).map((fault) => fault.evidence);

  test.each([
    [`${home}/data/backups`, [data], /lies on esdata, which holds data and would go with it/],
    ['nightly', [data], /\(.*\/data\/repo\/nightly\) lies on esdata/],
  ])('a repository at %s', (location, mounts, message) => {
    const situation = withMounts(mounts, (one) => withRepository(one, location, [`${home}/data/repo`]));
    expect(evidence(situation)).toEqual([expect.stringMatching(message)]);
  });

  test('a repository in a container that would be removed', () => {
    const situation = withMounts([data], (one) => withRepository(one, '/backups'));
    expect(evidence(situation)).toEqual([]);
    expect(evidence({ ...situation, volumes: 'remove' })).toEqual([
      'The repository of documents (/backups) lies in the container of elasticsearch, which would be removed',
    ]);
  });

  test('data in the container itself, in memory, on what is kept or read-only, together with the program', () => {
    expect(evidence(withMounts([{ source: 'logs', destination: `${home}/logs` }]))).toEqual([
      `elasticsearch keeps the data of documents (${home}/data) in the container itself, where it cannot be set aside`,
    ]);
    const inMemory = withMounts([{ type: 'tmpfs', source: '', destination: `${home}/data` }]);
    expect(evidence(inMemory)).toEqual([expect.stringContaining('in memory: it is gone as soon as the service stops')]);
    expect(evidence({ ...inMemory, volumes: 'remove' })).toEqual([]);
    const kept = withMounts([data], ({ platform }) => (platform.deployment.volumes = { esdata: 'keep' }));
    expect(evidence(kept)).toEqual([expect.stringContaining('is kept by deployment.volumes')]);
    expect(evidence(withMounts([{ ...data, readOnly: true }]))).toEqual([expect.stringContaining('mounted read-only')]);
    expect(evidence(withMounts([{ source: 'all', destination: home }]))).toEqual([
      `all holds the data of documents and its program (${home}): both would go`,
    ]);
  });

  test('what an image usually does is a guess: one of its places will do', () => {
    const situation = demoSituation();
    for (const container of [...situation.observed.containers, ...situation.capture.containers])
      container.mounts = container.mounts.filter(({ destination }) => destination !== '/datalog');
    expect(evidence(situation)).toEqual([expect.stringContaining('/datalog')]);
    situation.storePaths['jobs']!.source = 'convention';
    expect(evidence(situation)).toEqual([]);
  });
});

import { commandStore } from '../../../config/platform-schema/command.ts';
import { captureInScene } from '../../../domain/drills/capture-in-scene.ts';
import { platformInScene } from '../../../domain/drills/platform-in-scene.ts';
import { memoryLimitsIn } from '../../../domain/drills/limits.ts';
import { sceneOf } from '../../../domain/drills/scene.ts';
import type { Step } from '../../../domain/plans/steps.ts';
import { planRestore } from '../../../domain/plans/plan-restore.ts';
import { demoPaths, demoPlatform, demoSituation, whollyGone } from '../../demo-situation.ts';
import { drillOf, drillRun as run, wholeCapture } from '../../drill-situation.ts';

/** Every name in the plan's arguments that a container, volume or network of the platform has. */
function namesIn(plan: object): string[] {
  const living = wholeCapture();
  const names = [...living.containers, ...living.volumes, ...living.networks].map(({ name }) => name);
  const text = JSON.stringify(plan);
  return names.filter((name) => text.includes(`"${name}"`));
}

test('no step names anything of the living platform, and none is destructive', () => {
  const { plan } = drillOf(demoPlatform());
  expect(namesIn(plan)).toEqual([]);
  expect(namesIn(planRestore(demoSituation()))).not.toEqual([]);
  expect(plan.steps.some(({ destructive }) => destructive)).toBe(false);
  expect(plan.pointOfNoReturn).toBeUndefined();
  expect(plan.volumes).toEqual([]);
});

/** Without what it waits for: a drill needs no fence. */
function actOf({ steps }: { steps: Step[] }, id: string) {
  const { action, arguments: given } = steps.find((step) => step.id === id)!;
  return { action, given };
}

test('what is between opening and closing the scene are the steps of a restore, with its arguments', () => {
  const { plan } = drillOf(demoPlatform());
  const restore = planRestore(demoSituation({ observed: whollyGone() }));
  for (const id of [
    'verify-snapshot-documents',
    'restore-documents',
    'verify-documents',
    'rebuild-jobs',
    'verify-jobs',
  ])
    expect(actOf(plan, id)).toEqual(actOf(restore, id));
});

test('the repository is never made writable, no schedule is paused, no backup is taken, nothing is stopped', () => {
  const { plan } = drillOf(demoPlatform());
  const actions = plan.steps.map(({ action }) => action);
  expect(plan.steps.filter(({ action }) => action === 'configureRepository')).toMatchObject([
    { arguments: { access: 'readonly' } },
  ]);
  for (const action of ['pauseSchedules', 'stopService', 'quarantineVolume', 'removeVolume', 'takeBackup', 'fence'])
    expect(actions).not.toContain(action);
});

test('leftovers go first and the engine is recorded; closing comes last but for the proof, and undoes the opening', () => {
  const { plan } = drillOf(demoPlatform());
  const ids = plan.steps.map(({ id }) => id);
  expect(ids.slice(0, 3)).toEqual(['remove-leftovers', 'record-engine', 'open-scene']);
  expect(ids.slice(-2)).toEqual(['close-scene', 'prove-untouched']);
  // Undone in reverse: the scene is closed, then the engine is compared.
  expect(plan.steps.flatMap(({ id, undo }) => (undo ? [[id, undo.action]] : []))).toEqual([
    ['record-engine', 'proveUntouched'],
    ['open-scene', 'closeScene'],
  ]);
  const close = plan.steps.find(({ id }) => id === 'close-scene');
  expect(close?.after).toEqual(expect.arrayContaining(['confirm-health']));
});

test('core services only when they are named, each after the other, with the smoke checks that ask them', () => {
  const without = drillOf(demoPlatform()).plan.steps.map(({ id }) => id);
  expect(without).not.toContain('start-api');
  expect(without).not.toContain('smoke-check');
  const platform = { ...demoPlatform(), drill: { core: ['api', 'job-executor'], memoryBytes: 2 ** 31, processors: 1 } };
  const { plan, capture } = drillOf(platform);
  expect(plan.steps.find(({ id }) => id === 'start-job-executor')).toMatchObject({ after: ['start-api'] });
  expect(plan.steps.find(({ id }) => id === 'smoke-check')).toMatchObject({ after: ['start-job-executor'] });
  // Two executors serve the platform; one is rehearsed.
  expect(capture.containers.filter(({ service }) => service === 'job-executor')).toHaveLength(1);
});

test('volumes of its own for what holds data, all labelled, on a network that nothing leaves', () => {
  const { capture } = drillOf(demoPlatform());
  expect(capture.volumes.map(({ name }) => name)).toEqual([
    'rekindle-drill-ab12cd34-elasticsearch-0',
    'rekindle-drill-ab12cd34-zookeeper-0',
    'rekindle-drill-ab12cd34-zookeeper-1',
  ]);
  const labelled = { 'rekindle.drill': run, 'rekindle.drill.platform': 'demo' };
  for (const { create } of [...capture.volumes, ...capture.networks, ...capture.containers])
    expect(create).toMatchObject({ Labels: labelled });
  const Options = { 'com.docker.network.bridge.inhibit_ipv4': 'true' };
  const sealed = { Internal: true, EnableIPv6: false, Options };
  expect(capture.networks).toMatchObject([{ name: 'rekindle-drill-ab12cd34', create: sealed }]);
});

test('without an Elasticsearch there is no way by which a worker on the host gets in: the host keeps its address', () => {
  const platform = { ...demoPlatform(), stores: [], smoke: [] };
  const scene = sceneOf(platform, { run, id: 'ab12cd34' });
  const body = () => ({ Labels: {}, HostConfig: {} });
  const { networks } = captureInScene(wholeCapture(), { platform, scene, storePaths: {}, body });
  expect(networks).toMatchObject([{ create: { Internal: true, Options: {} } }]);
  expect(Object.keys(scene.memory)).toEqual(platform.deployment.data);
});

test('a container has limits, its aliases on the scene alone, no port, and no restart by the engine', () => {
  const whole = wholeCapture();
  whole.containers[0]!.create['NetworkingConfig'] = { EndpointsConfig: { demo_back: { Aliases: ['es', 'search'] } } };
  const { capture, scene } = drillOf(demoPlatform(), whole);
  expect(capture.containers[0]).toMatchObject({
    name: 'rekindle-drill-ab12cd34-elasticsearch',
    networks: ['rekindle-drill-ab12cd34'],
    create: {
      Labels: { 'com.docker.compose.project': scene.project, 'com.docker.compose.service': 'elasticsearch' },
      HostConfig: {
        Memory: scene.memory['elasticsearch'],
        MemorySwap: scene.memory['elasticsearch'],
        NanoCpus: 1e9,
        CpuShares: 2,
        RestartPolicy: { Name: 'no' },
        NetworkMode: 'rekindle-drill-ab12cd34',
      },
      NetworkingConfig: {
        EndpointsConfig: {
          'rekindle-drill-ab12cd34': { Aliases: ['es', 'search', 'elasticsearch', 'demo_elasticsearch_1'] },
        },
      },
    },
  });
  expect(JSON.stringify(capture)).not.toContain('PortBindings');
});

test.each([
  ['the engine', 'api', '/var/run/docker.sock', '/var/run/docker.sock', false],
  ['a folder with the engine in it', 'api', '/run', '/host/run', false],
  ['the whole host', 'api', '/', '/host', false],
  ['a folder of a core service', 'api', '/srv/conf', '/etc/api', true],
  ['synonyms', 'elasticsearch', '/srv/analysis', '/usr/share/elasticsearch/config/analysis', true],
  [
    'settings of the living cluster',
    'elasticsearch',
    '/srv/es.yml',
    '/usr/share/elasticsearch/config/elasticsearch.yml',
    false,
  ],
  ['the ensemble', 'zookeeper', '/srv/zoo.cfg', '/conf/zoo.cfg', false],
])('mounts that are no data, here %s, are read-only or not there', (_what, service, source, destination, shown) => {
  const whole = wholeCapture();
  const captured = whole.containers.find((container) => container.service === service)!;
  captured.mounts = [...captured.mounts, { type: 'bind', source, destination, readOnly: false }];
  const platform = { ...demoPlatform(), drill: { core: ['api'], memoryBytes: 2 ** 31, processors: 1 } };
  const container = drillOf(platform, whole).capture.containers.find((one) => one.service === service)!;
  const { Mounts } = container.create['HostConfig'] as { Mounts: { Source: string; ReadOnly: boolean }[] };
  expect(Mounts.filter(({ Source }) => Source === source)).toEqual(
    shown ? [expect.objectContaining({ ReadOnly: true, Target: destination })] : [],
  );
});

test('a repository of files is there, to be read; data in a folder of the host gets a volume instead', () => {
  const platform = demoPlatform();
  const [documents] = platform.stores;
  platform.stores[0] = {
    ...documents!,
    repository: { name: 'files', type: 'fs', settings: { location: '/backups/es' } },
  } as typeof documents & object;
  const whole = wholeCapture();
  whole.containers[0]!.mounts = [
    { type: 'bind', source: '/srv/es', destination: '/usr/share/elasticsearch/data', readOnly: false },
    { type: 'volume', source: 'demo_backups', destination: '/backups', readOnly: false },
  ];
  const { capture } = drillOf(platform, whole);
  expect(capture.containers[0]!.mounts).toEqual([
    {
      type: 'volume',
      source: 'rekindle-drill-ab12cd34-elasticsearch-0',
      destination: '/usr/share/elasticsearch/data',
      readOnly: false,
    },
    { type: 'volume', source: 'demo_backups', destination: '/backups', readOnly: true },
  ]);
  expect(capture.volumes.map(({ name }) => name)).not.toContain('demo_backups');
});

test('nothing leads from the scene to the living servers', () => {
  const platform = demoPlatform();
  Object.assign(platform.stores[0]!, { address: 'es.example', scheme: 'https', username: 'u', otherServices: ['es2'] });
  Object.assign(platform.stores[1]!, { address: 'zk.example:2181' });
  platform.deployment.data = ['elasticsearch', 'es2', 'zookeeper'];
  const scene = sceneOf(platform, { run, id: 'ab12cd34' });
  const { stores, deployment } = platformInScene(platform, scene);
  expect(JSON.stringify({ stores, deployment })).not.toMatch(/example|https|es2|"demo"/);
  expect(stores[0]).toMatchObject({ repository: { name: 'rekindle-drill-ab12cd34-s3_backup' } });
});

test('too little memory is refused with figures of each', () => {
  const little = { ...demoPlatform(), drill: { core: ['api'], memoryBytes: 2 ** 30, processors: 1 } };
  const needed = 'elasticsearch 640 MiB, zookeeper 256 MiB, api 512 MiB, the way of documents 128 MiB';
  expect(() => sceneOf(little, { run, id: 'x' })).toThrow(`is 1024 MiB, and a drill needs 1536 MiB: ${needed}`);
});

test('without a limit of its own a drill has as much for Elasticsearch whatever else it starts', () => {
  const memoryOf = (core: string[]) =>
    sceneOf({ ...demoPlatform(), drill: { core, processors: 1 } }, { run, id: 'x' }).memory;
  expect(memoryOf([])).toEqual({
    elasticsearch: 1280 * 2 ** 20,
    zookeeper: 256 * 2 ** 20,
    'the way of documents': 128 * 2 ** 20,
  });
  expect(memoryOf(['api', 'job-executor'])['elasticsearch']).toBe(1280 * 2 ** 20);
});

test('a core service gets what the file gives it, else the limit that it has, else half a GiB', () => {
  const core = ['api', 'job-executor', 'job-distributor'];
  const coreMemory = { api: 2 ** 28 };
  const platform = { ...demoPlatform(), drill: { core, coreMemory, memoryBytes: 2 ** 33, processors: 1 } };
  const whole = wholeCapture();
  for (const { service, create } of whole.containers)
    if (service !== 'job-distributor') create['HostConfig'] = { Memory: 2 ** 30 };
  const { memory } = sceneOf(platform, { run, id: 'ab12cd34', limits: memoryLimitsIn(whole) });
  expect(memory).toMatchObject({ api: 2 ** 28, 'job-executor': 2 ** 30, 'job-distributor': 2 ** 29 });
  // Data services as ever: they are rehearsed with less than they serve with.
  expect(memory).toMatchObject({ zookeeper: 2 ** 28 });
  expect(Object.values(memory).reduce((sum, bytes) => sum + bytes)).toBe(2 ** 33);
});

test('the plan does not change with the order of things, and its graph has no loop', () => {
  const { plan } = drillOf(demoPlatform());
  expect(drillOf(demoPlatform()).plan).toEqual(plan);
  const ids = new Set<string>();
  for (const step of plan.steps) {
    expect(step.after.every((id) => ids.has(id))).toBe(true);
    ids.add(step.id);
  }
});

test('a service that prepares a folder, and the server that uses it, have one volume', () => {
  const platform = demoPlatform();
  platform.deployment.data = ['chown', ...platform.deployment.data];
  const whole = wholeCapture();
  const [server] = whole.containers;
  whole.containers.push({ ...server!, name: 'demo_chown_1', service: 'chown', oneShot: true });
  const { capture, plan } = drillOf(platform, whole);
  const volumesOf = (service: string) => capture.containers.find((one) => one.service === service)?.volumes;
  expect(volumesOf('chown')).toEqual(volumesOf('elasticsearch'));
  expect(plan.steps.find(({ id }) => id === 'start-elasticsearch')?.after).toContain('start-chown');
});

test('files that were copied into a container: not the settings of the living cluster', () => {
  const whole = wholeCapture();
  const file = { mode: 0o644, uid: 0, gid: 0, contentBase64: '' };
  const config = '/usr/share/elasticsearch/config';
  whole.containers[0]!.ownFiles = [
    { ...file, path: `${config}/elasticsearch.yml` },
    { ...file, path: `${config}/synonyms.txt` },
  ];
  expect(drillOf(demoPlatform(), whole).capture.containers[0]!.ownFiles).toMatchObject([
    { path: `${config}/synonyms.txt` },
  ]);
});

test('what a store of own commands may write to is a new volume: nobody knows where an import goes', () => {
  const platform = demoPlatform();
  platform.deployment.data.push('policy');
  const commands = { export: ['policyctl', 'export'], import: ['policyctl', 'import'], verify: ['true'] };
  platform.stores.push(commandStore.parse({ name: 'policy', kind: 'command', ...commands }));
  const whole = wholeCapture();
  const [server] = whole.containers;
  const mount = { type: 'volume', destination: '/srv', readOnly: false } as const;
  const mounts = [
    { ...mount, source: 'demo_policies' },
    { ...mount, source: 'demo_settings', destination: '/etc/policy', readOnly: true },
  ];
  whole.containers.push({ ...server!, name: 'demo_policy_1', service: 'policy', mounts, volumes: ['demo_policies'] });
  const scene = sceneOf(platform, { run, id: 'ab12cd34' });
  const body = () => ({ Labels: {}, HostConfig: {} });
  const { containers } = captureInScene(whole, { platform, scene, storePaths: demoPaths(), body });
  const { mounts: inScene, volumes } = containers.find(({ service }) => service === 'policy')!;
  expect(inScene).toMatchObject([
    { type: 'volume', source: volumes[0], readOnly: false },
    { source: 'demo_settings', readOnly: true },
  ]);
  expect(volumes).toEqual([expect.stringMatching(/^rekindle-drill-/)]);
});

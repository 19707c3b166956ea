import type { EngineInventory } from '../../../domain/engine-inventory.ts';
import type { RunState } from '../../../domain/recovery-points/unfinished.ts';
import { sceneOf } from '../../../domain/drills/scene.ts';
import { bodyInScene, withWays } from '../../../operations/drill/in-scene.ts';
import { checkDrillNetwork } from '../../../operations/drill/network.ts';
import { checkDrillDisk, checkDrillMemory, checkDrillProcessors, checkScene } from '../../../operations/drill/room.ts';
import {
  closeScene,
  proveUntouched,
  recordEngine,
  removeDrillLeftovers,
} from '../../../operations/drill/scene-steps.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import type { Way } from '../../../systems/docker/drills/way.ts';
import { demoPlatform } from '../../demo-situation.ts';
import { drillRun, wholeCapture } from '../../drill-situation.ts';
import { memoryStorage } from '../../memory-storage.ts';
import { swarmPlatform } from '../../swarm-situation.ts';

const platform = demoPlatform();
const scene = sceneOf(platform, { run: drillRun, id: 'ab12cd34' });
const call = { platform: 'demo', run: drillRun, execution: '0199a1b2-0000', scene, arguments: {} };

function engine(inventory: Partial<EngineInventory> = {}): EngineInventory {
  return {
    host: 'machine',
    containers: [{ name: 'demo_api_1', id: '1', running: true }],
    volumes: [{ name: 'demo_es-data', createdAt: 'then' }],
    networks: [{ name: 'demo_back', id: 'n' }],
    ...inventory,
  };
}

/** A machine whose engine a test changes, with drills on it. */
function machine(drills: { run: string; since?: string }[] = []) {
  const state = { now: engine(), removed: [] as string[] };
  const docker = {
    inventory: () => Promise.resolve(state.now),
    listDrills: () => Promise.resolve(drills),
    removeDrill: (run: string) => Promise.resolve((state.removed.push(run), [`rekindle-drill-of-${run}`])),
  };
  const catalogue = openCatalogue(memoryStorage(), 'demo');
  return { state, open: { platform, host: 'machine', docker, catalogue } as unknown as OpenPlatform };
}

test('only what drills left whose run is over is removed; who runs, or is unknown and young, keeps it', async () => {
  const young = new Date(Date.now() - 3600_000).toISOString();
  const { state, open } = machine([
    { run: 'over', since: young },
    { run: 'running', since: '2020-01-01T00:00:00.000Z' },
    { run: 'stranger', since: young },
    { run: 'old stranger', since: '2020-01-01T00:00:00.000Z' },
    { run: drillRun, since: young },
  ]);
  const states: Record<string, RunState> = { over: 'over', running: 'running' };
  const { summary } = await removeDrillLeftovers(open, call, (run) => Promise.resolve(states[run] ?? 'unknown'));
  expect(state.removed).toEqual(['over', 'old stranger']);
  expect(summary).toMatch(
    /over had left rekindle-drill-of-over: removed.*running made stays: it runs.*does not know it/,
  );
});

test('an engine that is as it was passes', async () => {
  const { open } = machine();
  await recordEngine(open, call);
  expect(await proveUntouched(open, call)).toMatchObject({
    checks: [{ name: 'engine', verdict: 'pass', evidence: expect.stringContaining('nothing was left') as string }],
  });
});

test('what the drill left fails it, by name; what others did is a warning, by name', async () => {
  const { state, open } = machine();
  await recordEngine(open, call);
  state.now = engine({ containers: [{ name: 'demo_api_1', id: '1', running: false }] });
  expect(await proveUntouched(open, call)).toMatchObject({
    checks: [{ verdict: 'pass', warning: true, evidence: expect.stringContaining('demo_api_1 was stopped') as string }],
  });
  const left = { name: 'rekindle-drill-ab12cd34-zookeeper-0', createdAt: 'now' };
  state.now = engine({ volumes: [...engine().volumes, left] });
  await expect(proveUntouched(open, call)).rejects.toMatchObject({
    checks: [{ verdict: 'fail', evidence: expect.stringContaining(left.name) as string }],
  });
});

/** The engine with the platform's api and someone else's grafana, started at these minutes, so often again by the engine. */
const startedAt = (api: number, grafana: number, restarts = 0) =>
  engine({
    containers: [
      { name: 'demo_api_1', id: '1', running: true, start: { ...startOf(api), service: 'demo/api' } },
      { name: 'grafana', id: '2', running: true, start: { ...startOf(grafana), restarts } },
    ],
  });
const startOf = (minute: number) => ({ at: `2026-11-29T03:0${minute}:07.123456789Z`, restarts: 0 });

test('a restart of the platform’s own container is a warning with its name and time; of another one, words alone', async () => {
  const { state, open } = machine();
  state.now = startedAt(1, 1);
  await recordEngine(open, call);
  state.now = startedAt(1, 2, 4);
  const [aside] = (await proveUntouched(open, call)).checks ?? [];
  expect(aside).toMatchObject({
    verdict: 'pass',
    evidence: expect.stringContaining(
      'container grafana ended and was restarted by the engine 4 times, last at 2026-11-29T03:02:07Z',
    ) as string,
  });
  expect(aside).not.toHaveProperty('warning');
  state.now = startedAt(3, 1);
  expect(await proveUntouched(open, call)).toMatchObject({
    checks: [
      {
        verdict: 'pass',
        warning: true,
        evidence: expect.stringContaining('container demo_api_1 was restarted at 2026-11-29T03:03:07Z') as string,
        remedy: expect.stringContaining('drill.memory') as string,
      },
    ],
  });
});

test('on a swarm a task of the platform that ended is a warning, on the engine of the scene; tasks of others come and go', async () => {
  const { state, open } = machine();
  const onSwarm = { ...open, platform: swarmPlatform() };
  const there = { ...call, scene: { ...scene, host: 'data' } };
  const tasks = (api: string, other: string) =>
    engine({
      tasks: [
        { service: 'demo_api', id: api },
        { service: 'other', id: `o${other}` },
      ],
    });
  state.now = tasks('1', '1');
  await recordEngine(onSwarm, there);
  state.now = tasks('1', '2');
  const [passes] = (await proveUntouched(onSwarm, there)).checks ?? [];
  expect(passes?.evidence).toMatch(/^data: .*nothing was left$/);
  expect(passes).not.toHaveProperty('warning');
  state.now = tasks('2', '1');
  const [warns] = (await proveUntouched(onSwarm, there)).checks ?? [];
  expect(warns).toMatchObject({
    warning: true,
    evidence: expect.stringContaining('service demo_api lost a task') as string,
  });
});

test('scenes of others that come and go meanwhile say nothing of this drill, whatever begins like its own', async () => {
  const { state, open } = machine();
  const another = (id: string) => ({
    containers: [{ name: `rekindle-drill-${id}-way-documents`, id: 'w', running: true, own: true as const }],
    volumes: [{ name: `rekindle-drill-${id}-elasticsearch-0`, createdAt: 'now' }],
    networks: [{ name: `rekindle-drill-${id}`, id: 'x' }],
  });
  const beside = (id: string) =>
    engine({
      containers: [...engine().containers, ...another(id).containers],
      volumes: [...engine().volumes, ...another(id).volumes],
      networks: [...engine().networks, ...another(id).networks],
    });
  state.now = beside('00000001');
  await recordEngine(open, call);
  state.now = beside('00000002');
  const [check] = (await proveUntouched(open, call)).checks ?? [];
  expect(check).toMatchObject({ verdict: 'pass', evidence: expect.stringContaining('nothing was left') as string });
  expect(check).not.toHaveProperty('warning');
  for (const name of [scene.project, `${scene.project}_default`]) {
    state.now = engine({ networks: [...engine().networks, { name, id: 'y' }] });
    await expect(proveUntouched(open, call)).rejects.toMatchObject({ checks: [{ verdict: 'fail' }] });
  }
  state.now = engine({ networks: [...engine().networks, { name: 'rekindle-drill-notes', id: 'y' }] });
  expect(await proveUntouched(open, call)).toMatchObject({
    checks: [{ warning: true, evidence: expect.stringContaining('rekindle-drill-notes is new') as string }],
  });
});

test('a repeated record keeps what the first attempt saw; without one nothing is proven', async () => {
  const { state, open } = machine();
  await expect(proveUntouched(open, call)).rejects.toMatchObject({ checks: [{ verdict: 'fail' }] });
  await recordEngine(open, call);
  state.now = engine({ networks: [] });
  await recordEngine(open, call);
  expect((await proveUntouched(open, call)).summary).toContain('demo_back is gone');
});

test('no step closes a scene that is not its own run’s', async () => {
  const { state, open } = machine();
  await expect(closeScene(open, { ...call, scene: { ...scene, run: 'another' } })).rejects.toThrow('no scene');
  await expect(closeScene(open, { run: drillRun })).rejects.toThrow('no scene');
  expect(state.removed).toEqual([]);
  await closeScene(open, call);
  expect(state.removed).toEqual([drillRun]);
});

test('memory and disk are refused with figures', () => {
  expect(checkDrillMemory(scene, 2 ** 30)).toMatchObject({
    verdict: 'fail',
    evidence:
      '1024 MiB available, 1920 MiB needed (elasticsearch 1280 MiB, zookeeper 256 MiB, the way of documents 128 MiB, and 256 MiB to spare)',
  });
  expect(checkDrillMemory(scene, 2 ** 31).verdict).toBe('pass');
  const room = (freeBytes: number) => ({ totalBytes: 1000e9, freeBytes });
  const evidence = expect.stringContaining(
    "100.0 GB to restore, room for 45.0 GB (200.0 GB free under the engine's root, of which 150.5 GB stay free)",
  ) as string;
  expect(checkDrillDisk(100e9, room(200e9))).toMatchObject({ verdict: 'fail', evidence });
  expect(checkDrillDisk(100e9, room(261e9)).verdict).toBe('pass');
  expect(checkDrillDisk(100e9, room(900e9), 50e9)).toMatchObject({
    verdict: 'fail',
    evidence: expect.stringContaining('drill.disk 50.0 GB') as string,
    remedy: expect.stringContaining('or raise drill.disk') as string,
  });
  expect(checkDrillDisk(100e9, undefined).verdict).toBe('pass');
});

test('more processors than the engine has are refused with figures: it would make no container', async () => {
  const greedy = { ...scene, processors: 4 };
  expect(checkDrillProcessors(greedy, 2)).toMatchObject({
    verdict: 'fail',
    evidence: '2 processors, of which each container may take 4',
    remedy: 'Set drill.processors to 2 or less',
  });
  expect(checkDrillProcessors(greedy, 4).verdict).toBe('pass');
  const docker = { ping: () => Promise.resolve({ processors: 2 }) } as OpenPlatform['docker'];
  expect(await checkScene(greedy, { docker })).toMatchObject([
    { name: 'drill memory' },
    { name: 'drill processors', verdict: 'fail' },
  ]);
});

test('what a copy could reach of the host is a warning that names it, where the host has an address in the scene', async () => {
  const ports = [
    { of: 'demo/api', port: 8080 },
    { of: 'wiki', port: 443 },
  ];
  const docker = { publishedPorts: () => Promise.resolve(ports) } as OpenPlatform['docker'];
  const check = await checkDrillNetwork({ platform, docker });
  expect(check).not.toHaveProperty('warning');
  expect(check).toMatchObject({
    name: 'drill network',
    verdict: 'pass',
    evidence: expect.stringContaining('Nothing in the drill reaches the host') as string,
  });
  const unsealed = { ...platform, stores: [] };
  expect(await checkDrillNetwork({ platform: unsealed, docker })).toMatchObject({
    warning: true,
    evidence: expect.stringContaining('demo/api at port 8080, wiki at port 443') as string,
  });
});

const way = (host: string): Way => ({
  store: 'documents',
  host,
  port: 9000,
  container: 'rekindle-drill-ab12cd34-way-documents',
  address: '10.9.0.2',
});

test('a storage with a name is found by the hosts file, the bucket in front or not; nothing of the repository changes', () => {
  const [captured] = wholeCapture().containers;
  const body = bodyInScene(scene, [way('s3.example')])(captured!, platform.stores[0]);
  expect(body).toMatchObject({
    HostConfig: { ExtraHosts: ['s3.example:10.9.0.2', 'snapshots.s3.example:10.9.0.2'] },
  });
  expect(withWays(platform, [way('s3.example')])).toEqual(platform);
});

test('an address is replaced by the way in the repository', () => {
  expect(withWays(platform, [way('172.17.0.1')]).stores[0]).toMatchObject({
    repository: { settings: { endpoint: 'rekindle-drill-ab12cd34-way-documents:9000', bucket: 'snapshots' } },
  });
  const [documents, ...others] = platform.stores;
  if (documents?.kind !== 'elasticsearch') throw new Error('The first store is an Elasticsearch');
  const settings = { ...documents.repository.settings, endpoint: 'http://172.17.0.1:9000' };
  const overHttp = {
    ...platform,
    stores: [{ ...documents, repository: { ...documents.repository, settings } }, ...others],
  };
  expect(withWays(overHttp, [way('172.17.0.1')]).stores[0]).toMatchObject({
    repository: { settings: { endpoint: 'http://rekindle-drill-ab12cd34-way-documents:9000' } },
  });
});

test('Elasticsearch gets half of its memory as heap and discovers nobody; ZooKeeper stands alone', () => {
  const [elasticsearch, zookeeper] = wholeCapture().containers;
  const given = { ...elasticsearch!, create: { Env: ['ES_JAVA_OPTS=-Xmx8g', 'discovery.seed_hosts=es2'] } };
  const { Env } = bodyInScene(scene, [])(given, platform.stores[0]) as { Env: string[] };
  expect(Env).toEqual(expect.arrayContaining(['discovery.type=single-node', 'ES_JAVA_OPTS=-Xms640m -Xmx640m']));
  expect(Env.join()).not.toContain('seed_hosts');
  const alone = { ...zookeeper!, create: { Env: ['ZOO_SERVERS=server.1=a', 'ZOO_MY_ID=1', 'JVMFLAGS=-Xmx64m'] } };
  expect(bodyInScene(scene, [])(alone, platform.stores[1])).toMatchObject({ Env: ['JVMFLAGS=-Xmx64m'] });
});

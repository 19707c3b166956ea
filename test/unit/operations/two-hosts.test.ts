import { checkClocks } from '../../../domain/clocks.ts';
import type { EngineInventory } from '../../../domain/engine-inventory.ts';
import { Failure } from '../../../domain/failures.ts';
import type { AskHost } from '../../../operations/hosts/questions.ts';
import { answer } from '../../../operations/hosts/answers.ts';
import { captureEverywhere } from '../../../operations/hosts/capture-everywhere.ts';
import { compareEngines } from '../../../operations/hosts/inventories.ts';
import { observeHosts } from '../../../operations/hosts/observe-hosts.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { checkEveryHost } from '../../../operations/preflight/every-host.ts';
import { checkStrays } from '../../../operations/preflight/strays.ts';
import {
  isDataMoved,
  prepareRollback,
  readQuarantine,
  releaseQuarantine,
} from '../../../operations/quarantine/quarantine.ts';
import { assessRollback } from '../../../operations/quarantine/preview-rollback.ts';
import {
  forgetDeployment,
  readRecordedDeployment,
  recordDeployment,
} from '../../../operations/quarantine/recorded-deployment.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { generateKey } from '../../../systems/encryption/age.ts';
import { quarantines } from '../../fake-quarantines.ts';
import { memoryStorage } from '../../memory-storage.ts';
import {
  capturedThere,
  observedThere,
  spreadObserved,
  spreadPlatform,
  spreadSituation,
} from '../../spread-situation.ts';

// Operations on a platform whose services lie on two hosts, each with its engine; the other host is asked directly.

const owner = { platform: 'demo', run: 'restore/demo/1', execution: '0199a1b2-0000' };
const image = 'stack/elasticsearch:1';
const images = { other: 'stack/zookeeper:1' };

async function setUp() {
  const { identity } = await generateKey();
  const storage = memoryStorage();
  const asked: string[] = [];
  const engines = { machine: engineOf('machine'), other: engineOf('other') };
  const open = (host: 'machine' | 'other', ask: AskHost) =>
    ({
      platform: spreadPlatform(),
      fileHash: 'f',
      host,
      docker: engines[host].docker,
      catalogue: openCatalogue(storage, 'demo'),
      identity: () => Promise.resolve(identity),
      elasticsearch: () => Promise.reject(new Failure('ElasticsearchUnreachable', { message: 'none', remedy: '' })),
      ask,
    }) as unknown as OpenPlatform;
  const other = open('other', () => Promise.reject(new Error('only the platform’s own host asks')));
  const ask = ((_host: string, question: string, input: unknown) => {
    asked.push(question);
    // What Temporal carries is JSON.
    const json = JSON.parse(JSON.stringify(input)) as unknown;
    return answer(other, question, json, {}).then((said) => JSON.parse(JSON.stringify(said)) as unknown);
  }) as AskHost;
  return { main: open('machine', ask), other, engines, asked };
}

/** An engine in memory: what it has, what it keeps beside data, what is in quarantine there. */
function engineOf(host: string) {
  const state = {
    observed: observedThere(host),
    strays: {} as Record<string, { name: string; running: boolean }[]>,
    beside: new Map<string, Uint8Array>(),
    aside: [] as string[],
    inventory: { host, containers: [], volumes: [], networks: [] } as EngineInventory,
  };
  const docker = {
    observe: () => Promise.resolve(structuredClone(state.observed)),
    serviceContainers: (_deployment: unknown, service: string) => Promise.resolve(state.strays[service] ?? []),
    capture: () => Promise.resolve(capturedThere(host)),
    readConfiguration: () => Promise.resolve(undefined),
    inventory: () => Promise.resolve(structuredClone(state.inventory)),
    keepBeside: ({ run }: { run: string }, content: Uint8Array) => Promise.resolve(void state.beside.set(run, content)),
    readBeside: ({ run }: { run: string }) => Promise.resolve(state.beside.get(run)),
    forgetRun: ({ run }: { run: string }) => {
      if (state.aside.length > 0) return Promise.resolve(false);
      state.beside.delete(run);
      return Promise.resolve(true);
    },
    ...quarantines(state, () => state.observed),
  };
  return { docker, state };
}

test('the engines are observed, and put together', async () => {
  const { main } = await setUp();
  const { observed, otherFiles } = await observeHosts(main);
  expect(observed.containers.filter(({ host }) => host === 'other').map(({ service }) => service)).toEqual([
    'zookeeper',
    'job-executor',
    'job-executor',
  ]);
  expect(otherFiles).toEqual([]);
  main.fileHash = 'another';
  expect((await observeHosts(main)).otherFiles).toEqual(['other']);
});

test('a service that lies on another host than the platform file says is named with both', async () => {
  const { main, engines } = await setUp();
  expect((await observeHosts(main)).strays).toEqual([]);
  engines.machine.state.strays = { zookeeper: [{ name: 'demo_zookeeper_1', running: true }] };
  engines.other.state.strays = { api: [{ name: 'demo_api_1', running: false }] };
  const { strays } = await observeHosts(main);
  expect(checkStrays(spreadSituation({ strays }))).toMatchObject({
    name: 'placement',
    verdict: 'fail',
    evidence: 'zookeeper is on machine (demo_zookeeper_1), and the platform file places it on other',
    remedy: expect.stringContaining('Correct deployment.hosts (zookeeper: machine)') as string,
  });
  // Stopped, while the service is where it belongs: what an earlier place has left.
  expect(checkStrays(spreadSituation({ strays: strays.slice(1) }))).toMatchObject({
    verdict: 'pass',
    warning: true,
    evidence: 'api is on other (demo_api_1, stopped), and the platform file places it on machine',
  });
  const observed = spreadObserved();
  observed.containers = observed.containers.filter(({ service }) => service !== 'api');
  expect(checkStrays(spreadSituation({ observed, strays: strays.slice(1) }))).toMatchObject({ verdict: 'fail' });
});

test('one capture holds the parts of both, and no secret passed through the answers', async () => {
  const { main, asked } = await setUp();
  const capture = await captureEverywhere(main, 'backup/demo/1~0199a1b2');
  expect(capture.containers.map(({ service, host }) => `${service} ${host ?? ''}`)).toEqual([
    'elasticsearch machine',
    'api machine',
    'job-distributor machine',
    'zookeeper other',
    'job-executor other',
    'job-executor other',
  ]);
  expect(asked).toEqual(['capture']);
});

test('what was there is recorded once, and kept beside the data of each host', async () => {
  const { main, other, engines } = await setUp();
  const call = { ...owner, arguments: { image, images } };
  await recordDeployment(main, call);
  expect([engines.machine.state.beside.size, engines.other.state.beside.size]).toEqual([1, 1]);
  for (const open of [main, other])
    expect((await readRecordedDeployment(open, { ...owner, image, images })).containers).toHaveLength(6);
  engines.other.state.aside = ['demo_zk-data'];
  expect((await forgetDeployment(main, call)).summary).toContain('still on other');
  engines.other.state.aside = [];
  await forgetDeployment(main, call);
  expect([engines.machine.state.beside.size, await main.catalogue.runsWithObjects()]).toEqual([0, []]);
});

test('the quarantines of both hosts are one: listed, planned to come back, released', async () => {
  const { main, engines } = await setUp();
  await recordDeployment(main, { ...owner, arguments: { image, images } });
  const input = { ...owner, image, images };
  expect(await isDataMoved(main, { ...input, volumes: ['demo_es-data'] }, {})).toBe(false);
  engines.other.state.aside = ['demo_zk-data'];
  expect(await isDataMoved(main, { ...input, volumes: ['demo_es-data'] }, {})).toBe(true);
  engines.machine.state.aside = ['demo_es-data'];
  expect(await readQuarantine(main, input, {})).toEqual({
    volumes: ['demo_es-data', 'demo_zk-data on other'],
    bytes: 20,
  });
  const plan = await prepareRollback(main, input, {});
  expect(plan.steps.filter(({ action }) => action === 'returnVolume').map(({ id }) => id)).toEqual([
    'rollback-return-demo_es-data',
    'rollback-return-demo_zk-data@other',
  ]);
  // What "rollback --dry-run" shows, by the worker of the platform's own host.
  const shown = await assessRollback(main, 'restore/demo/1', {});
  expect([shown.rollbackOf, shown.plan?.hash]).toEqual(['restore/demo/1', plan.hash]);
  await expect(assessRollback(main, 'restore/demo/2', {})).rejects.toMatchObject({ kind: 'RunNotFound' });
  await releaseQuarantine(main, input, {});
  expect([engines.machine.state.aside, engines.other.state.aside]).toEqual([[], []]);
});

test('a volume that is missing on the other host was moved', async () => {
  const { main } = await setUp();
  const input = { ...owner, volumes: ['demo_es-data'], volumesElsewhere: { other: ['demo_gone'] } };
  expect(await isDataMoved(main, input, {})).toBe(true);
});

test('what changed on any engine beyond the plan is a warning that names the host', async () => {
  const { main, engines } = await setUp();
  engines.other.state.inventory.containers.push({ name: 'grafana', id: '1', running: true });
  await recordDeployment(main, { ...owner, arguments: {} });
  const call = { ...owner, arguments: { named: {} } };
  const compare = async () => (await compareEngines(main, 'restore/demo/1~0199a1b2', call, {})).checks;
  expect((await compare())?.map(({ name, warning }) => [name, warning])).toEqual([
    ['engine machine', undefined],
    ['engine other', undefined],
  ]);
  engines.other.state.inventory.containers.pop();
  expect(await compare()).toMatchObject([
    {},
    { verdict: 'pass', warning: true, evidence: expect.stringContaining('container grafana is gone') as string },
  ]);
});

/** What the other host says in preflight, among the checks of all; this one's fail for want of servers. */
async function checkedThere(says: () => Promise<unknown>): Promise<unknown> {
  const { main } = await setUp();
  const silent = () => Promise.reject(new Failure('ContainerFailed', { message: 'no helper here', remedy: '' }));
  Object.assign(main, {
    ask: says,
    exposedKeys: () => Promise.resolve([]),
    secret: () => Promise.resolve(''),
    storeSecrets: () => Promise.resolve({}),
    catalogueBucket: () => Promise.resolve(undefined),
  });
  Object.assign(main.docker, {
    clock: () => Promise.resolve(undefined),
    ensureImage: () => Promise.resolve(''),
    measureDisk: silent,
    readText: silent,
  });
  const { before } = await checkEveryHost(main, spreadSituation(), { scratch: 'never' });
  return before.filter(({ name }) => name.endsWith('other'));
}

test('a host that can check nothing is no pass', async () => {
  const nothing = new Failure('MissingKey', { message: 'other has no key', remedy: 'Copy it there' });
  expect(await checkedThere(() => Promise.reject(nothing))).toEqual([
    { name: 'host other', verdict: 'fail', evidence: 'other has no key', remedy: 'Copy it there' },
  ]);
});

test('a host whose clock is an hour off is named', async () => {
  const reading = { whose: 'the S3 server of the catalogue', aheadSeconds: 3600, checksSignatures: true as const };
  const ofHost = [checkClocks('other', [reading])];
  expect(await checkedThere(() => Promise.resolve({ ofHost, ofStores: [], versions: {}, nodes: {} }))).toMatchObject([
    {
      name: 'clock on other',
      verdict: 'fail',
      evidence: expect.stringContaining('The clock of other is 1 h 0 min ahead of') as string,
    },
  ]);
});

test('a question that only a newer version asks is refused', async () => {
  const { other } = await setUp();
  await expect(answer(other, 'future', {}, {})).rejects.toMatchObject({
    kind: 'InvalidArgument',
    remedy: 'Run the same version of Rekindle on all hosts',
  });
});

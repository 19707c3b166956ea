import type { DeploymentCapture } from '../../../domain/deployment.ts';
import { runObjectKey } from '../../../domain/recovery-points/catalogue-keys.ts';
import { Failure } from '../../../domain/failures.ts';
import type { StepCall } from '../../../domain/runs/run.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import {
  forgetDeployment,
  readRecordedDeployment,
  recordDeployment,
} from '../../../operations/quarantine/recorded-deployment.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { generateKey } from '../../../systems/encryption/age.ts';
import { demoObserved, demoPlatform } from '../../demo-situation.ts';
import { memoryStorage } from '../../memory-storage.ts';

const capture: DeploymentCapture = {
  version: 1,
  takenAt: '2026-11-21T09:30:00Z',
  host: 'machine',
  project: 'demo',
  containers: [],
  networks: [{ name: 'demo_back', create: { Labels: { token: 'a-secret' } } }],
  volumes: [],
  files: [],
  storePaths: {},
};
const owner = { platform: 'demo', run: 'restore/demo/1', execution: '0199a1b2-0000' };
const record = (args: StepCall<'recordDeployment'>['arguments']): StepCall<'recordDeployment'> => ({
  ...owner,
  arguments: args,
});
const kindOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no failure',
    (error: unknown) => (error instanceof Failure ? error.kind : String(error)),
  );

/** A host that keeps files beside quarantined data, and a catalogue that a test empties or takes away. */
async function setUp() {
  const { identity } = await generateKey();
  const beside = new Map<string, Uint8Array>();
  const state = { storage: memoryStorage(), away: false, setAside: false };
  const docker = {
    capture: () => Promise.resolve(capture),
    observe: () => Promise.resolve(demoObserved()),
    keepBeside: ({ run, name }: { run: string; name: string }, content: Uint8Array) => {
      beside.set(`${run} ${name}`, content);
      return Promise.resolve();
    },
    readBeside: ({ run, name }: { run: string; name: string }) => Promise.resolve(beside.get(`${run} ${name}`)),
    forgetRun: () => Promise.resolve(!state.setAside && (beside.clear(), true)),
  };
  const open = {
    platform: demoPlatform(),
    host: 'machine',
    docker,
    identity: () => Promise.resolve(identity),
    get catalogue() {
      const catalogue = openCatalogue(state.storage, 'demo');
      const failure = new Failure('ObjectStorageUnreachable', { message: 'no answer', remedy: 'start it' });
      return state.away ? { ...catalogue, findRunObject: () => Promise.reject(failure) } : catalogue;
    },
  } as unknown as OpenPlatform;
  return { open, beside, state };
}

test('what is beside the data suffices when the catalogue was emptied, is away, or holds something damaged', async () => {
  const { open, beside, state } = await setUp();
  await recordDeployment(open, record({ image: 'stack/elasticsearch:1' }));
  expect(await readRecordedDeployment(open, owner)).toEqual(capture);
  expect(Buffer.from([...beside.values()][0]!).includes('a-secret')).toBe(false);
  state.away = true;
  expect(await readRecordedDeployment(open, owner)).toEqual(capture);
  state.away = false;
  await state.storage.put(runObjectKey('demo', 'restore/demo/1~0199a1b2', 'deployment.age'), new Uint8Array([1, 2, 3]));
  expect(await readRecordedDeployment(open, owner)).toEqual(capture);
  state.storage = memoryStorage();
  expect(await readRecordedDeployment(open, owner)).toEqual(capture);
});

test('without an image nothing is set aside on the host, so nothing is kept there', async () => {
  const { open, beside, state } = await setUp();
  await recordDeployment(open, record({}));
  expect(beside.size).toBe(0);
  state.away = true;
  expect(await kindOf(readRecordedDeployment(open, owner))).toBe('ObjectStorageUnreachable');
  state.away = false;
  state.storage = memoryStorage();
  expect(await kindOf(readRecordedDeployment(open, owner))).toBe('CaptureUnreadable');
});

test('a repeated step keeps what the first attempt saw, in both places', async () => {
  const { open, beside } = await setUp();
  await recordDeployment(open, record({ image: 'stack/elasticsearch:1' }));
  const first = [...beside.values()][0];
  beside.clear();
  Object.assign(open.docker, { capture: () => Promise.resolve({ ...capture, project: 'stopped by now' }) });
  await recordDeployment(open, record({ image: 'stack/elasticsearch:1' }));
  expect([...beside.values()]).toEqual([first]);
  expect((await readRecordedDeployment(open, owner)).project).toBe('demo');
});

test('what an undone run recorded goes, from host and catalogue; while it has set data aside, both keep it', async () => {
  const { open, beside, state } = await setUp();
  const args = { image: 'stack/elasticsearch:1' };
  await recordDeployment(open, record(args));
  const objects = () => open.catalogue.runsWithObjects();
  state.setAside = true;
  await forgetDeployment(open, { ...owner, arguments: args });
  expect([beside.size, await objects()]).toEqual([1, ['restore/demo/1~0199a1b2']]);
  state.setAside = false;
  await forgetDeployment(open, { ...owner, arguments: args });
  expect([beside.size, await objects()]).toEqual([0, []]);
});

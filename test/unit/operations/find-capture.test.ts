import { findCapture } from '../../../operations/restore/find-capture.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { checkRecoveryPoint } from '../../../operations/preflight/recovery-point.ts';
import type { DeploymentCapture, ObservedDeployment } from '../../../domain/deployment.ts';
import { planRestore } from '../../../domain/plans/plan-restore.ts';
import type { RecoveryPointManifest } from '../../../domain/recovery-points/recovery-point.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { encrypt, generateKey } from '../../../systems/encryption/age.ts';
import { demoManifest, demoObserved, demoPlatform, demoSituation, whollyGone } from '../../demo-situation.ts';
import { memoryStorage } from '../../memory-storage.ts';

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const captureOf = (project: string): DeploymentCapture => ({
  version: 1,
  takenAt: '2026-11-21T09:30:00Z',
  host: 'machine',
  project,
  containers: [],
  networks: [{ name: `${project}_back`, create: {} }],
  volumes: [],
  files: [],
});

/** A platform with an adopted point and, by id, points with a capture; `now`: what the engine would capture. */
async function withPoints(captures: Record<string, 'good' | 'damaged'>) {
  const { identity } = await generateKey();
  const storage = memoryStorage();
  const catalogue = openCatalogue(storage, 'demo');
  const write = async (id: string, change: Partial<RecoveryPointManifest>) => {
    const manifest = { ...demoManifest(), id, stores: [], startedAt: `${id.slice(0, 10)}T09:30:00.000Z`, ...change };
    await catalogue.writeManifest(manifest);
    return manifest;
  };
  for (const [id, state] of Object.entries(captures)) {
    const capture = await catalogue.putObject(id, 'capture.age', await encrypt(encode(captureOf(id)), identity));
    if (state === 'damaged') await storage.put(capture.key, new Uint8Array([1, 2, 3]));
    await write(id, { capture });
  }
  const adoption = { at: '2026-11-30T00:00:00.000Z', takenBy: 'SLM policy nightly' };
  await catalogue.noteAdopted('nightly-1', { at: adoption.at, snapshot: 'nightly-1' });
  const adopted = await write('nightly-1', {
    capture: undefined,
    adopted: adoption,
    startedAt: '2026-11-29T09:30:00.000Z',
  });
  const open = {
    platform: demoPlatform(),
    host: 'machine',
    catalogue,
    identity: () => Promise.resolve(identity),
    docker: { capture: () => Promise.resolve(captureOf('now')) },
  } as unknown as OpenPlatform;
  return { open, adopted, find: (observed: ObservedDeployment) => findCapture(open, adopted, observed) };
}

test('an adopted point takes the capture of the newest point that has one which can be read', async () => {
  const captures = { '2026-11-19t0930z': 'good', '2026-11-20t0930z': 'good', '2026-11-21t0930z': 'damaged' } as const;
  const { find } = await withPoints(captures);
  expect(await find(whollyGone())).toMatchObject({
    source: '2026-11-20t0930z',
    outline: { networks: ['2026-11-20t0930z_back'] },
  });
});

test('without any, the deployment as it is now; and nothing when a service is gone', async () => {
  const { find } = await withPoints({});
  expect(await find(demoObserved())).toMatchObject({ source: 'before', outline: { networks: ['now_back'] } });
  const observed = demoObserved();
  observed.containers = observed.containers.filter(({ service }) => service !== 'zookeeper');
  expect(await find(observed)).toEqual({ outline: { containers: [], networks: [], volumes: [] } });
});

test("a point's own capture comes first, and that it is damaged is a failure", async () => {
  const { open } = await withPoints({ '2026-11-19t0930z': 'good', '2026-11-20t0930z': 'damaged' });
  const own = await open.catalogue.readManifest('2026-11-19t0930z');
  expect(await findCapture(open, own, demoObserved())).toMatchObject({ source: '2026-11-19t0930z' });
  const damaged = await open.catalogue.readManifest('2026-11-20t0930z');
  await expect(findCapture(open, damaged, demoObserved())).rejects.toMatchObject({ kind: 'CatalogueRefused' });
});

const adoptedManifest = () => ({
  ...demoManifest(),
  capture: undefined,
  adopted: { at: '2026-11-30T00:00:00.000Z', takenBy: 'SLM policy nightly' },
});

test('preflight says where services come from, and what is missing when they come from nowhere', () => {
  const from = (captureSource?: string, observed = demoObserved()) =>
    checkRecoveryPoint(demoSituation({ manifest: adoptedManifest(), captureSource, observed }));
  expect(from('2026-11-20t0930z')).toMatchObject({
    verdict: 'pass',
    evidence: expect.stringMatching(/taken by SLM policy nightly.*from the capture of 2026-11-20t0930z/) as string,
  });
  expect(from('before').evidence).toContain('the deployment as it stands');
  expect(from(undefined, whollyGone())).toMatchObject({
    verdict: 'fail',
    evidence: expect.stringContaining('zookeeper') as string,
    remedy: expect.stringContaining('docker-compose -p demo up -d') as string,
  });
  const passedOver = ['2026-11-21t0930z: the manifest is torn'];
  expect(checkRecoveryPoint(demoSituation({ passedOver })).evidence).toContain(passedOver[0]);
});

test('the plan names the capture, creates from it, and restores no global state that the snapshot lacks', () => {
  const manifest = adoptedManifest();
  manifest.stores[0]!.globalState = 'none';
  const plan = planRestore(demoSituation({ manifest, captureSource: '2026-11-20t0930z', observed: whollyGone() }));
  expect(plan.capture).toBe('2026-11-20t0930z');
  expect(plan.recoveryPoint).toMatchObject({ adopted: true });
  const captures = plan.steps.flatMap(({ arguments: args }) => ('capture' in args ? [args.capture] : []));
  expect(new Set(captures)).toEqual(new Set(['2026-11-20t0930z']));
  expect(plan.steps.find(({ action }) => action === 'restoreIndices')?.arguments).toMatchObject({ globalState: false });
  expect(planRestore(demoSituation())).not.toHaveProperty('capture');
});

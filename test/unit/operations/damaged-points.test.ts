import { Failure } from '../../../domain/failures.ts';
import { observeForRestore } from '../../../operations/restore/assess-restore.ts';
import { checkRecoveryPoint } from '../../../operations/preflight/recovery-point.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import type { DeploymentCapture } from '../../../domain/deployment.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { encrypt, generateKey } from '../../../systems/encryption/age.ts';
import { demoManifest, demoObserved, demoPlatform, demoSituation } from '../../demo-situation.ts';
import { memoryStorage } from '../../memory-storage.ts';
import { expectedSet } from './preflight-seen.ts';

// What a restore and a check say when the catalogue holds damaged objects.

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const capture: DeploymentCapture = {
  version: 1,
  takenAt: '2026-11-21T09:30:00Z',
  host: 'machine',
  project: 'demo',
  containers: [],
  networks: [],
  volumes: [],
  files: [],
};
const [older, newer] = ['2026-11-20t0930z', '2026-11-21t0930z'];

async function withTwoPoints() {
  const { identity } = await generateKey();
  const storage = memoryStorage();
  const catalogue = openCatalogue(storage, 'demo');
  for (const id of [older, newer]) {
    const [store] = demoManifest().stores;
    await catalogue.writeManifest({
      ...demoManifest(),
      id,
      startedAt: `${id.slice(0, 10)}T09:30:00.000Z`,
      capture: await catalogue.putObject(id, 'capture.age', await encrypt(encode(capture), identity)),
      stores: [
        {
          ...store!,
          expectedSet: await catalogue.putObject(id, 'stores/documents.expected.json', encode(expectedSet())),
        },
      ],
    });
  }
  const open = {
    platform: demoPlatform(),
    host: 'machine',
    fileHash: 'f'.repeat(64),
    catalogue,
    identity: () => Promise.resolve(identity),
    elasticsearch: () =>
      Promise.reject(new Failure('ElasticsearchUnreachable', { message: 'Dead', remedy: 'Start it' })),
    docker: {
      observe: () => Promise.resolve(demoObserved()),
      readConfiguration: () => Promise.resolve(undefined),
      tryQuarantine: () => Promise.resolve({}),
    },
  } as unknown as OpenPlatform;
  const keyOf = async (id: string, name: string) => {
    for await (const { key } of storage.list(`demo/points/${id}/${name}`)) return key;
    throw new Error(`there is no ${name} of ${id}`);
  };
  const damage = async (id: string, name: string) => {
    const key = await keyOf(id, name);
    const bytes = (await storage.get(key)) ?? new Uint8Array();
    await storage.put(key, bytes.slice(0, bytes.length / 2));
  };
  const check = async (point?: string) =>
    checkRecoveryPoint(await observeForRestore(open, { platform: 'demo', ...(point !== undefined && { point }) }));
  return { open, damage, check, catalogue };
}

const parts: [string, string][] = [
  ['manifest', 'manifest~'],
  ['capture', 'capture.age'],
  ['expected set', 'stores/documents.expected.json'],
];

describe.each(parts)('the %s of the newest point is cut to half', (_, name) => {
  test.each([undefined, newer])('wanted: %s. It is a finding, and the next older one is named', async (point) => {
    const { damage, check } = await withTwoPoints();
    await damage(newer, name);
    const found = await check(point);
    expect(found).toMatchObject({ name: 'recovery point', verdict: 'fail' });
    expect(found.evidence).toMatch(
      new RegExp(`^Cannot be read back: ${newer}: .*; the next older one that can is ${older}`),
    );
    expect(found.remedy).toContain(`"rekindle restore demo --point ${older}"`);
  });

  test('whoever names the older one gets it', async () => {
    const { damage, check } = await withTwoPoints();
    await damage(newer, name);
    expect(await check(older)).toMatchObject({ verdict: 'pass', evidence: expect.stringContaining(older) as string });
  });

  test('no point at all can be read: refused, with what is wrong', async () => {
    const { damage, check } = await withTwoPoints();
    await damage(newer, name);
    await damage(older, name);
    await expect(check()).rejects.toMatchObject({
      kind: 'PreflightRefused',
      checks: [{ name: 'recovery point', verdict: 'fail' }],
    });
  });
});

test('a suspect point is restored when a person has accepted it, and not before', async () => {
  const { check, catalogue } = await withTwoPoints();
  const at = '2026-11-21T09:31:00.000Z';
  await catalogue.mark(newer, 'suspect', { at, run: 'backup/demo/1', note: 'nuvla-user is gone' });
  expect(await check()).toMatchObject({ verdict: 'pass', evidence: expect.stringContaining(older) as string });
  expect(await check(newer)).toMatchObject({
    verdict: 'fail',
    evidence: `${newer} is suspect: nuvla-user is gone`,
    remedy: expect.stringContaining(`rekindle accept demo ${newer} --reason`) as string,
  });
  await catalogue.mark(newer, 'accepted', { at, run: 'person/anna', note: 'on purpose' });
  expect(await check()).toMatchObject({ verdict: 'pass', evidence: expect.stringContaining(newer) as string });
});

test('a point with nothing in it is never restored', () => {
  expect(checkRecoveryPoint(demoSituation({ indices: { documents: [] } }))).toMatchObject({
    verdict: 'fail',
    evidence: expect.stringContaining('holds no index of documents') as string,
  });
});

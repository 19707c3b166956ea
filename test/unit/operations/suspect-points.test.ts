import { acceptPoint } from '../../../operations/recovery-points/accept.ts';
import { publishRecoveryPoint } from '../../../operations/backup/publish-recovery-point.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { overallVerdict } from '../../../domain/checks.ts';
import type { ExpectedIndex, ExpectedSet } from '../../../domain/recovery-points/recovery-point.ts';
import { digestPoints } from '../../../domain/recovery-points/points-digest.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { memoryStorage } from '../../memory-storage.ts';
import { demoPlatform } from '../../demo-situation.ts';
import { expectedSet } from './preflight-seen.ts';

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const by = { by: 'anna', reason: 'the old jobs were deleted on purpose' };

function platformWithCatalogue() {
  const steps: string[] = [];
  const storage = memoryStorage((what) => Promise.resolve(steps.push(what)));
  const catalogue = openCatalogue(storage, 'demo');
  const open = {
    platform: demoPlatform(),
    fileHash: 'f'.repeat(64),
    catalogue,
    docker: { ping: () => Promise.resolve({ id: 'engine-1' }) },
    storeSecrets: () => Promise.resolve({}),
  } as unknown as OpenPlatform;

  /** As a backup does at its end: `documents` by index. */
  async function backUp(id: string, documents: Record<string, number>, restored?: string) {
    const indices = Object.entries(documents).map(([name, count]): ExpectedIndex => ({
      name,
      state: 'open',
      primaries: 1,
      aliases: [],
      samples: [],
      documents: { atLeast: count, atMost: count },
    }));
    const startedAt = `${id.slice(0, 10)}T${id.slice(11, 13)}:${id.slice(13, 15)}:00.000Z`;
    const expected: ExpectedSet = { ...expectedSet(), indices, startedAt, snapshot: `snapshot.${id}` };
    await catalogue.putObject(id, 'stores/documents.expected.json', encode(expected));
    await catalogue.putObject(id, 'images.json', encode({}));
    await catalogue.putObject(id, 'capture.age', new Uint8Array([1]));
    const outcome = await publishRecoveryPoint(open, {
      platform: 'demo',
      run: `backup/demo/${id}`,
      execution: 'e',
      arguments: { recoveryPoint: id, ...(restored !== undefined && { restored }) },
    });
    return { verdict: overallVerdict(outcome.checks ?? []), ...outcome };
  }
  const latest = async () => (await catalogue.newestPoint('2020-01-01T00:00:00.000Z'))?.id;
  return { catalogue, steps, storage, backUp, latest };
}

const full = { 'nuvla-user': 5, 'nuvla-job': 1000 };

test('the store was emptied: the point is kept and suspect, the run does not pass, and latest stays what it was', async () => {
  const { backUp, latest, catalogue, steps } = platformWithCatalogue();
  expect((await backUp('2026-11-21t0930z', full)).verdict).toBe('pass');
  steps.length = 0;
  const { verdict, checks } = await backUp('2026-11-21t1030z', {});
  expect(verdict).toBe('fail');
  expect(checks?.find((check) => check.verdict === 'fail')).toMatchObject({
    name: 'content documents',
    evidence:
      '2026-11-21t1030z is suspect, since 2026-11-21t0930z holds more: nothing is left of 2 indices (1005 documents)',
    remedy: expect.stringContaining('rekindle accept demo 2026-11-21t1030z --reason "…"') as string,
  });
  // At no moment it passes for a good one: the marker comes before the manifest.
  const written = steps.flatMap((step) => /^put .*\/(suspect|manifest)~/.exec(step)?.[1] ?? []);
  expect(written).toEqual(['suspect', 'manifest']);
  expect(await latest()).toBe('2026-11-21t0930z');
  const { points } = await catalogue.listPoints();
  expect(points[0]).toMatchObject({ id: '2026-11-21t1030z', suspect: true });
  expect(digestPoints(points)).toMatchObject({ good: 1, suspect: 1, newestGood: { id: '2026-11-21t0930z' } });
});

test('the next ones are compared with the good one, until a person accepts', async () => {
  const { backUp, latest, catalogue } = platformWithCatalogue();
  const small = { 'nuvla-user': 5, 'nuvla-job': 100 };
  await backUp('2026-11-21t0930z', full);
  expect((await backUp('2026-11-21t1030z', small)).verdict).toBe('fail');
  expect((await backUp('2026-11-21t1130z', small)).verdict).toBe('fail');
  await expect(acceptPoint(catalogue, '2026-11-21t1130z', { ...by, reason: ' ' })).rejects.toMatchObject({
    kind: 'InvalidArgument',
  });
  expect(await acceptPoint(catalogue, '2026-11-21t1130z', by)).toMatchObject({
    accepted: true,
    suspectFor: expect.stringContaining('nuvla-job has 100 documents, down from 1000') as string,
  });
  expect(await latest()).toBe('2026-11-21t1130z');
  expect((await catalogue.findPoint('2026-11-21t1130z'))?.markers).toMatchObject([
    { marker: 'suspect', run: 'backup/demo/2026-11-21t1130z' },
    { marker: 'accepted', run: 'person/anna', note: by.reason },
  ]);
  expect(await acceptPoint(catalogue, '2026-11-21t1130z', by)).toMatchObject({ accepted: false });
  expect((await backUp('2026-11-21t1230z', small)).verdict).toBe('pass');
});

test('a point that is not suspect, or not there, is not accepted', async () => {
  const { backUp, catalogue } = platformWithCatalogue();
  await backUp('2026-11-21t0930z', full);
  await expect(acceptPoint(catalogue, '2026-11-21t0930z', by)).rejects.toMatchObject({ kind: 'InvalidArgument' });
  await expect(acceptPoint(catalogue, 'nonesuch', by)).rejects.toMatchObject({ kind: 'RecoveryPointNotFound' });
});

test('after a restore of an older point, its content is the measure: a person approved that', async () => {
  const { backUp } = platformWithCatalogue();
  await backUp('2026-11-21t0930z', { 'nuvla-user': 2 });
  await backUp('2026-11-21t1030z', full);
  expect((await backUp('2026-11-21t1130z', { 'nuvla-user': 2 }, '2026-11-21t0930z')).verdict).toBe('pass');
});

test('a step that is repeated after its manifest was written judges as before', async () => {
  const { backUp, catalogue } = platformWithCatalogue();
  await backUp('2026-11-21t0930z', full);
  for (const attempt of ['first', 'again']) {
    expect([attempt, (await backUp('2026-11-21t1030z', {})).verdict]).toEqual([attempt, 'fail']);
    expect([attempt, (await backUp('2026-11-21t1130z', full)).verdict]).toEqual([attempt, 'pass']);
  }
  expect((await catalogue.listPoints()).points).toHaveLength(3);
});

test('the newest good point cannot be read: the one before it is the measure; with none, it is said', async () => {
  const { backUp, storage, catalogue } = platformWithCatalogue();
  await backUp('2026-11-21t0930z', full);
  await backUp('2026-11-21t1030z', full);
  const damage = (id: string) => storage.put(`demo/points/${id}/stores/documents.expected.json`, encode({}));
  await damage('2026-11-21t1030z');
  expect((await backUp('2026-11-21t1130z', {})).checks).toContainEqual(
    expect.objectContaining({ evidence: expect.stringContaining('since 2026-11-21t0930z holds more') as string }),
  );
  await damage('2026-11-21t0930z');
  await catalogue.removePoint('2026-11-21t1130z');
  expect((await backUp('2026-11-21t1230z', full)).checks).toContainEqual(
    expect.objectContaining({ name: 'content', verdict: 'pass', warning: true }),
  );
});

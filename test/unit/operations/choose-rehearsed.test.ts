import { restoredOf, type PassedDrill } from '../../../domain/drills/proof-under-way.ts';
import { chooseUnits, indicesByStore, keyOf } from '../../../domain/drills/share.ts';
import { Failure } from '../../../domain/failures.ts';
import type {
  PointChoice,
  RecoveryPointManifest,
  RecoveryPointSummary,
} from '../../../domain/recovery-points/recovery-point.ts';
import { chooseRehearsed, type Considered } from '../../../operations/drill/choose-rehearsed.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { point } from '../domain/retention-samples.ts';

const newest = point('2026-11-21T00:00:00Z', { id: 'newest' });
const begun = point('2026-11-01T00:00:00Z', { id: 'begun' });

const part = { indices: { documents: ['a'] }, completes: false };
type Extents = Record<string, Partial<Considered['extent']> | Failure>;

/** `begun` has had a drill of some of its indices; both points hold more than fits. */
function platformWith(extents: Extents = {}, points = [newest, begun]) {
  const report = {
    startedAt: '2026-11-10T04:00:00Z',
    recoveryPoint: { id: 'begun' },
    rehearses: { documents: ['a', 'b'] },
  };
  const outcome = { run: 'drill/demo/1', kind: 'drill', phase: 'passed', finishedAt: '2026-11-10T04:01:00Z' };
  const catalogue = {
    listPoints: () => Promise.resolve({ points }),
    listOutcomes: () => Promise.resolve([outcome]),
    readReport: () => Promise.resolve(report),
  };
  const asked: PointChoice[] = [];
  const consider = (choice: PointChoice): Promise<Considered> => {
    asked.push(choice);
    const id = 'id' in choice ? choice.id : 'newest';
    const extent = extents[id] ?? {};
    if (extent instanceof Failure) return Promise.reject(extent);
    return Promise.resolve({
      manifest: { id } as RecoveryPointManifest,
      extent: { share: part, bytes: 100, checks: [], provable: true, ...extent },
    });
  };
  const choose = () => chooseRehearsed({ catalogue } as unknown as Pick<OpenPlatform, 'catalogue'>, consider);
  return { choose, asked };
}

test('the point whose proof is under way goes on, and the drill says why it is not the newest', async () => {
  const { chosen, checks } = await platformWith().choose();
  expect(chosen.manifest.id).toBe('begun');
  expect(checks).toEqual([
    expect.objectContaining({
      name: 'drill point',
      verdict: 'pass',
      evidence:
        'begun, of which drills have restored 2 indices: its proof goes on before newest, the newest, has its turn',
    }),
  ]);
});

test('the newest, when all of it fits or this drill completes its proof; nothing else is read then', async () => {
  for (const extent of [{ share: { ...part, completes: true } }, { share: undefined }]) {
    const whole = platformWith({ newest: extent as Extents[string] });
    expect(await whole.choose()).toMatchObject({ chosen: { manifest: { id: 'newest' } }, checks: [] });
    expect(whole.asked).toEqual([{ latest: true }]);
  }
});

test.each<[string, Extents, (typeof begun)[]]>([
  ['it is bad', {}, [newest, { ...begun, bad: true }]],
  ['it was removed', {}, [newest]],
  ['what it lacks does not fit', { begun: { provable: false } }, [newest, begun]],
  [
    'it cannot be read',
    { begun: new Failure('CaptureUnreadable', { message: 'It is damaged', remedy: 'Take another' }) },
    [newest, begun],
  ],
])('the newest, when the proof under way cannot go on: %s', async (_, extents, points) => {
  const { chosen, checks } = await platformWith(extents, points).choose();
  expect({ id: chosen.manifest.id, checks }).toEqual({ id: 'newest', checks: [] });
});

test('nightly drills of what never fits at once prove a point in the end, though each night brings a newer one', async () => {
  const units = ['a', 'b', 'c', 'd'].map((name) => ({
    store: 'documents',
    indices: [name],
    bytes: 100,
    needed: false,
  }));
  const points: RecoveryPointSummary[] = [];
  const reports: PassedDrill[] = [];
  const catalogue = {
    listPoints: () => Promise.resolve({ points }),
    listOutcomes: () =>
      Promise.resolve(reports.map((_, run) => ({ run: String(run), kind: 'drill', phase: 'passed' }))),
    readReport: (run: string) => Promise.resolve(reports[Number(run)]),
  };
  const consider = (choice: PointChoice): Promise<Considered> => {
    const id = 'id' in choice ? choice.id : (points.at(-1)?.id ?? '');
    const restored = restoredOf(id, reports);
    const lacks = (store: string, index: string) => !restored.has(keyOf(store, index));
    const { chosen = [] } = chooseUnits(units, { mostBytes: 100, rehearsed: [], lacks }) ?? {};
    const completes = units.every((unit) => chosen.includes(unit) || !lacks(unit.store, unit.indices[0] ?? ''));
    const extent = { share: { indices: indicesByStore(chosen), completes }, bytes: 100, checks: [], provable: true };
    return Promise.resolve({ manifest: { id } as RecoveryPointManifest, extent });
  };
  const nights: string[] = [];
  for (let day = 10; day < 19; day++) {
    points.push(point(`2026-11-${day}T00:00:00Z`, { id: `p${day}` }));
    const { chosen } = await chooseRehearsed({ catalogue } as unknown as Pick<OpenPlatform, 'catalogue'>, consider);
    const { id } = chosen.manifest;
    const { share } = chosen.extent;
    nights.push(`${id} ${share?.indices['documents']?.join('') ?? ''}`);
    reports.push({
      startedAt: `2026-11-${day}T04:00:00Z`,
      recoveryPoint: { id, startedAt: '' },
      rehearses: share?.indices ?? {},
    });
    const place = points.findIndex((each) => each.id === id);
    if (share?.completes)
      points[place] = point(points[place]?.startedAt ?? '', { id, provenAt: `2026-11-${day}T04:05:00Z` });
  }
  expect(nights).toEqual([...['p10 a', 'p10 b', 'p10 c', 'p10 d'], ...['p14 a', 'p14 b', 'p14 c', 'p14 d'], 'p18 a']);
});

test('storage that is away is no reason to take another point', async () => {
  const away = new Failure('ObjectStorageUnreachable', { message: 'It is away', remedy: 'Wait' });
  await expect(platformWith({ begun: away }).choose()).rejects.toBe(away);
});

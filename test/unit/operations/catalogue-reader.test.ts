import type { RecoveryPointSummary } from '../../../domain/recovery-points/recovery-point.ts';
import type { RunOutcome } from '../../../domain/runs/outcome.ts';
import { catalogueReader, type CatalogueView } from '../../../operations/status/catalogue-reader.ts';

const now = Date.now();
const hoursAgo = (hours: number) => new Date(now - hours * 3_600_000).toISOString();
const point = (hours: number, more: Partial<RecoveryPointSummary> = {}): RecoveryPointSummary => ({
  id: `p-${hours}`,
  startedAt: hoursAgo(hours),
  durationSeconds: 1,
  totalBytes: 1,
  incrementalBytes: 1,
  indices: 1,
  pinned: false,
  bad: false,
  deleting: false,
  ...more,
});
const outcome = (hours: number, more: Partial<RunOutcome> = {}): RunOutcome => ({
  run: `backup/nuvla/${hours}`,
  kind: 'backup',
  phase: 'passed',
  finishedAt: hoursAgo(hours),
  durationSeconds: 1,
  recoveryPoint: `p-${hours}`,
  ...more,
});

/** A catalogue with a point an hour; what lists all of it can be held up. */
function largeCatalogue() {
  const points = new Map(Array.from({ length: 200 }, (_, index) => [`p-${index + 1}`, point(index + 1)]));
  const outcomes = [...points.keys()].map((id) => outcome(Number(id.slice(2))));
  outcomes.push(outcome(150, { run: 'restore/nuvla/1', kind: 'restore' }));
  const asked = { all: 0, some: [] as string[] };
  const held: (() => void)[] = [];
  let holding = true;
  const listed = (wanted: (one: RecoveryPointSummary) => boolean) => ({ points: [...points.values()].filter(wanted) });
  const view: CatalogueView = {
    async listPoints(only) {
      if (only) {
        asked.some.push(...only);
        return listed(({ id }) => only.includes(id));
      }
      asked.all += 1;
      const answer = listed(() => true);
      if (holding) await new Promise<void>((resolve) => held.push(resolve));
      return answer;
    },
    listPointsSince: (since) => Promise.resolve(listed(({ startedAt }) => startedAt >= since)),
    listOutcomes: (since = '') =>
      Promise.resolve(
        outcomes
          .filter(({ finishedAt }) => finishedAt >= since)
          .toSorted((a, b) => (a.finishedAt < b.finishedAt ? -1 : 1)),
      ),
    readReport: () => Promise.resolve(undefined),
    listCoverages: () => Promise.resolve([]),
  };
  const letGo = async () => {
    holding = false;
    for (const go of held.splice(0)) go();
    await new Promise((resolve) => setTimeout(resolve, 1));
  };
  return { points, outcomes, asked, view, letGo };
}

function reader({ view }: { view: CatalogueView }, waitMs = 5) {
  const heard: RunOutcome[] = [];
  const read = catalogueReader({
    open: () => Promise.resolve(view),
    onOutcome: (one) => heard.push(one),
    whole: { inTurn: (work) => work(), waitMs },
  });
  return { read: (fileHash = 'a') => read(fileHash), heard };
}

test('of a large catalogue the newest is known at once, and the rest when it has been read', async () => {
  const catalogue = largeCatalogue();
  const { read } = reader(catalogue);
  expect(await read()).toMatchObject({
    partial: true,
    points: { newestGood: { id: 'p-1' } },
    lastBackup: { run: 'backup/nuvla/1' },
  });
  expect(await read()).toMatchObject({ partial: true });
  await catalogue.letGo();
  const whole = await read();
  expect(whole).toMatchObject({ points: { good: 200 }, lastRestore: { run: 'restore/nuvla/1' } });
  expect(whole.partial).toBeUndefined();
  expect(catalogue.asked).toEqual({ all: 1, some: [] });
});

test('a platform whose newest good point is old: nothing is said before all is read', async () => {
  const catalogue = largeCatalogue();
  for (const id of catalogue.points.keys()) if (Number(id.slice(2)) < 100) catalogue.points.delete(id);
  const { read } = reader(catalogue);
  const reading = read();
  await new Promise((resolve) => setTimeout(resolve, 30));
  await catalogue.letGo();
  expect(await reading).toMatchObject({ points: { newestGood: { id: 'p-100' } } });
});

test('a run that ends while all is listed, and after it: its point counts, and the list is not made again', async () => {
  const catalogue = largeCatalogue();
  // A list that takes longer than anybody waits.
  const { read } = reader(catalogue, -1);
  await read();
  const ends = (hours: number) => {
    catalogue.points.set(`p-${hours}`, point(hours));
    catalogue.outcomes.push(outcome(hours));
  };
  ends(0.5);
  expect(await read()).toMatchObject({ partial: true, points: { newestGood: { id: 'p-0.5' } } });
  await catalogue.letGo();
  expect(await read()).toMatchObject({ points: { newestGood: { id: 'p-0.5' } } });
  ends(0.2);
  catalogue.points.set('p-7', point(7, { provenAt: hoursAgo(0.1) }));
  catalogue.outcomes.push(outcome(0.1, { run: 'restore/nuvla/2', kind: 'restore', recoveryPoint: 'p-7' }));
  const { points } = await read();
  expect(points).toMatchObject({
    newestGood: { id: 'p-0.2' },
    newestProven: { id: 'p-7' },
    lastProofAt: hoursAgo(0.1),
  });
  expect(catalogue.asked).toEqual({ all: 1, some: ['p-0.5', 'p-0.2', 'p-7'] });
});

test('the newest good point turns bad, or points were pruned: all is listed again', async () => {
  const catalogue = largeCatalogue();
  await catalogue.letGo();
  const { read } = reader(catalogue);
  await read();
  catalogue.points.set('p-1', point(1, { bad: true }));
  catalogue.outcomes.push(
    outcome(0.3, { run: 'restore/nuvla/3', kind: 'restore', phase: 'failed', recoveryPoint: 'p-1' }),
  );
  await read();
  expect(await read()).toMatchObject({ points: { newestGood: { id: 'p-2' }, bad: 1 } });
  const { all } = catalogue.asked;
  catalogue.points.delete('p-50');
  const { recoveryPoint: _, ...pruned } = outcome(0.2, { run: 'prune/nuvla/1', kind: 'prune' });
  catalogue.outcomes.push(pruned);
  expect(await read()).toMatchObject({ points: { good: 198 } });
  expect(catalogue.asked.all).toBe(all + 1);
});

test('outcomes of the last days are told once, whatever becomes of the file and the catalogue; older ones are not', async () => {
  const catalogue = largeCatalogue();
  await catalogue.letGo();
  const { read, heard } = reader(catalogue);
  await read();
  await read('b');
  catalogue.view.listOutcomes = () => Promise.reject(new Error('away'));
  await expect(read('b')).rejects.toThrow('away');
  Object.assign(catalogue.view, { listOutcomes: largeCatalogue().view.listOutcomes });
  await read('b');
  expect(heard.length).toBeGreaterThanOrEqual(71);
  expect(heard.length).toBeLessThanOrEqual(72);
  expect(new Set(heard.map(({ run }) => run)).size).toBe(heard.length);
});

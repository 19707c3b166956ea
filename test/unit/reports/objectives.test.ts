import { compareObjectives } from '../../../domain/reports/objectives.ts';
import { at, passedRestore } from './sample.ts';
import { passedDrill } from './sample-drill.ts';

const named = (report: Parameters<typeof compareObjectives>[0]) =>
  Object.fromEntries(compareObjectives(report).map((row) => [row.name, row]));

test('a restore within its objectives', () => {
  const rows = named(passedRestore({ objectives: { recoveryPointMinutes: 15, recoveryTimeMinutes: 1 } }));
  expect(rows['data loss']).toEqual({
    name: 'data loss',
    wanted: '15 min 0 s (RPO)',
    actualSeconds: 600,
    actual: '10 min 0 s',
    met: true,
  });
  expect(rows['recovery time']).toMatchObject({ actualSeconds: 25, wanted: '1 min 0 s (RTO)', met: true });
  expect(rows['forecast']).toMatchObject({ actual: '25.0 s, error 20 %', wanted: '20.0 s without service' });
});

test('objectives that were missed, and one that nobody set', () => {
  const rows = named(passedRestore({ objectives: { recoveryPointMinutes: 5 } }));
  expect(rows['data loss']?.met).toBe(false);
  expect(rows['recovery time']).toMatchObject({ wanted: 'no RTO set' });
  expect(rows['recovery time']).not.toHaveProperty('met');
});

test('a platform that was not back by the end of the run has met no recovery time, however short it was', () => {
  const failed = passedRestore({ phase: 'failed', objectives: { recoveryTimeMinutes: 60 } });
  failed.steps[2] = { ...failed.steps[2]!, status: 'failed' };
  const rows = named({ ...failed, finishedAt: at(20) });
  expect(rows['recovery time']).toMatchObject({ met: false, actual: '10.0 s by the end of the run, and not over' });
  expect(rows['forecast']).toBeUndefined();
});

test('a drill: the age of its point against the RPO, the time until its copy was up against the RTO and the forecast', () => {
  const rows = named(passedDrill());
  expect(Object.keys(rows)).toEqual(['age of the point', 'recovery time', 'forecast']);
  expect(rows['age of the point']).toMatchObject({ wanted: '1 h 0 min (RPO)', actual: '40 min 0 s', met: true });
  expect(rows['recovery time']).toMatchObject({ wanted: '15 min 0 s (RTO)', actual: '29.0 s', met: true });
  expect(rows['forecast']).toMatchObject({ actual: '29.0 s, error 14 %', wanted: '25.0 s until the copy is up' });
});

test('a drill of a part cannot meet the recovery time, but can miss it', () => {
  const rehearses = { documents: ['nuvla-job'] };
  const within = named(passedDrill({ rehearses }))['recovery time'];
  expect(within?.actual).toBe('29.0 s, for a part of the indices');
  expect(within).not.toHaveProperty('met');
  expect(named(passedDrill({ rehearses, objectives: { recoveryTimeMinutes: 0.1 } }))['recovery time']?.met).toBe(false);
});

test('how far the moments of the stores are apart, where that is limited', () => {
  const { sources } = passedDrill();
  const report = passedDrill({ objectives: { skewSeconds: 30 }, sources: { ...sources!, skewSeconds: 31 } });
  expect(named(report)['skew of the stores']).toMatchObject({ wanted: '30.0 s (skewSeconds)', met: false });
});

test('what restored nothing has no objectives', () => {
  expect(compareObjectives(passedRestore({ kind: 'rebuild' }))).toEqual([]);
  const refused = passedRestore({ phase: 'refused', steps: [] });
  delete refused.recoveryPoint;
  expect(compareObjectives(refused)).toEqual([]);
});

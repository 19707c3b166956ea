import { compareObjectives } from '../../../domain/reports/objectives.ts';
import { at, passedRestore } from './sample.ts';

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

test('what restored nothing has no objectives', () => {
  expect(compareObjectives(passedRestore({ kind: 'rebuild' }))).toEqual([]);
  const refused = passedRestore({ phase: 'refused', steps: [] });
  delete refused.recoveryPoint;
  expect(compareObjectives(refused)).toEqual([]);
});

import { proofUnderWay, type PassedDrill } from '../../../domain/drills/proof-under-way.ts';
import { point } from './retention-samples.ts';

const drill = (day: number, of: string, ...indices: string[]): PassedDrill => ({
  startedAt: `2026-11-${day}T04:00:00Z`,
  recoveryPoint: { id: of, startedAt: '2026-11-01T00:00:00Z' },
  ...(indices.length > 0 && { rehearses: { documents: indices } }),
});
const monday = point('2026-11-02T00:00:00Z', { id: 'monday' });
const tuesday = point('2026-11-03T00:00:00Z', { id: 'tuesday' });

test('the point of which drills have restored most, the newest of equals', () => {
  expect(proofUnderWay([monday, tuesday], [])).toBeUndefined();
  expect(proofUnderWay([monday, tuesday], [drill(10, 'tuesday')])).toBeUndefined();
  const begun = [drill(10, 'monday', 'a', 'b'), drill(11, 'monday', 'a', 'c')];
  // A person who tries one index of another point ends nothing.
  expect(proofUnderWay([monday, tuesday], [...begun, drill(12, 'tuesday', 'a')])?.id).toBe('monday');
  expect(proofUnderWay([monday, tuesday], [drill(10, 'monday', 'a'), drill(11, 'tuesday', 'b')])?.id).toBe('tuesday');
});

test('what is bad, suspect, gone or proven is not gone on with', () => {
  const begun = [drill(10, 'monday', 'a')];
  const { id, startedAt } = monday;
  const changed = [
    point(startedAt, { id, bad: true }),
    point(startedAt, { id, suspect: true }),
    point(startedAt, { id, deleting: true }),
    point(startedAt, { id, provenAt: '2026-11-09T00:00:00Z' }),
  ];
  for (const other of changed) expect(proofUnderWay([other, tuesday], begun)).toBeUndefined();
  expect(proofUnderWay([tuesday], begun)).toBeUndefined();
});

test('after a proof the next one begins anew, with the newest point', () => {
  const proven = { ...tuesday, provenAt: '2026-11-11T00:00:00Z' };
  expect(proofUnderWay([monday, proven], [drill(10, 'monday', 'a')])).toBeUndefined();
  expect(proofUnderWay([monday, proven], [drill(12, 'monday', 'a')])?.id).toBe('monday');
});

import fc from 'fast-check';
import {
  judgeWriter,
  parseWriterKey,
  writerKey,
  type WriterSituation,
} from '../../../domain/recovery-points/writers.ts';

const [own, other] = ['own-cluster-uuid', 'other-cluster-uuid'];
const here = { engine: 'engine-1', project: 'nuvla' };
const point = (clusterUuid: string, hour: number, takenOn = here) => ({
  id: `2026-11-21t${hour}00z`,
  startedAt: `2026-11-21T${hour}:00:00Z`,
  clusterUuid,
  takenOn,
});
const admitted = (hour: number, by = 'restore/nuvla/1') => ({ at: `2026-11-21T${hour}:30:00Z`, clusterUuid: own, by });
const judge = (situation: Partial<WriterSituation>) =>
  judgeWriter({ clusterUuid: own, place: here, points: [], admitted: [], ...situation });

test('who wrote last may write again; by the repository, or by the newest point', () => {
  expect(judge({})).toHaveProperty('why');
  expect(judge({ lastWriter: own, points: [point(other, 10)] })).toHaveProperty('why');
  expect(judge({ points: [point(own, 11), point(other, 10)] })).toHaveProperty('why');
  expect(judge({ lastWriter: other })).toEqual({ otherWriter: other });
});

test('a clone on another engine, or under another project, may not; nor one that is reached by an address', () => {
  const points = [point(other, 10)];
  for (const place of [{ ...here, engine: 'engine-2' }, { ...here, project: 'staging' }, undefined])
    expect(judge({ place, points })).toEqual({ otherWriter: other });
  // Whatever the repository says: the point does not say where the writer stands.
  expect(judge({ lastWriter: 'third', points })).toEqual({ otherWriter: 'third' });
});

test('one that stands in the place of the last writer may: its volume was lost, and it began anew', () => {
  expect(judge({ lastWriter: other, points: [point(other, 10)] })).toMatchObject({
    why: expect.stringContaining('stands in its place') as string,
  });
});

test('one that a restore or a person admitted may, until another one has taken a point since', () => {
  const elsewhere = { ...here, engine: 'engine-2' };
  const points = [point(other, 10, elsewhere)];
  expect(judge({ lastWriter: other, points, admitted: [admitted(11)] })).toMatchObject({
    why: expect.stringContaining('admitted by restore/nuvla/1') as string,
  });
  const since = [point(other, 12, elsewhere), point(own, 11)];
  expect(judge({ lastWriter: other, points: since, admitted: [admitted(10)] })).toEqual({ otherWriter: other });
  expect(judge({ lastWriter: other, points: since, admitted: [admitted(13, 'person/anna')] })).toHaveProperty('why');
});

test('the key of an admitted writer reads back as it was written', () => {
  const text = fc.string({ minLength: 1, maxLength: 30 }).filter((one) => !/[!~]|\([0-9a-f]+\)/.test(one));
  fc.assert(
    fc.property(text, text, (clusterUuid, by) => {
      const writer = { at: '2026-11-21T09:30:00.000Z', clusterUuid, by };
      expect(parseWriterKey('nuvla', writerKey('nuvla', writer))).toEqual(writer);
    }),
  );
  for (const key of ['nuvla/writers/x', 'nuvla/writers/20261121T093000Z~~a', 'other/writers/20261121T093000Z~a~b'])
    expect(parseWriterKey('nuvla', key)).toBeUndefined();
});

import fc from 'fast-check';
import {
  manifestName,
  markerName,
  markers,
  parsePointObject,
  parsePointObjectKey,
  parseReportKey,
  pointObjectKey,
  reportKey,
} from '../../../domain/recovery-points/catalogue-keys.ts';
import { slugOf } from '../../../domain/recovery-points/key-parts.ts';

const sha256 = fc.stringMatching(/^[0-9a-f]{64}$/);
const time = fc
  .date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const count = fc.maxSafeNat();
const manifest = fc.record({
  startedAt: time,
  durationSeconds: count,
  totalBytes: count,
  incrementalBytes: count,
  indices: count,
  documents: count,
  sha256,
});
const run = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1 }), fc.constant('restore/nuvla/2026-11-21t0930z'));
const id = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,30}$/);

test('a manifest in a key', () =>
  fc.assert(
    fc.property(manifest, (figures) => {
      expect(parsePointObject(manifestName(figures))).toEqual({ kind: 'manifest', manifest: figures });
      expect(manifestName(figures)).toMatch(/^[A-Za-z0-9~._-]+$/);
    }),
  ));

test('a marker in a key', () =>
  fc.assert(
    fc.property(fc.constantFrom(...markers), time, run, (marker, at, by) => {
      const name = markerName({ marker, at, run: by });
      expect(parsePointObject(name)).toEqual({ kind: 'marker', marker: { marker, at, run: by } });
      expect(name).not.toContain('/');
    }),
  ));

test('an object of a recovery point, and a report', () =>
  fc.assert(
    fc.property(id, run, (point, by) => {
      const name = 'stores/documents.expected.json';
      expect(parsePointObjectKey('nuvla', pointObjectKey('nuvla', point, name))).toEqual({ id: point, name });
      expect(parseReportKey('nuvla', reportKey('nuvla', by))).toBe(by);
    }),
  ));

test('whatever lies there, parsing it never fails, and what it takes for ours is written the same', () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `manifest~${text}`),
        fc.string().map((text) => `pinned~${text}`),
      ),
      (name) => {
        const object = parsePointObject(name);
        if (object.kind === 'manifest') expect(manifestName(object.manifest)).toBe(name);
        if (object.kind === 'marker') expect(markerName(object.marker)).toBe(name);
      },
    ),
  ));

test.each([
  'manifest~20261121T093012Z~1~2~3~4~5.json',
  'manifest~yesterday~1~2~3~4~5~6.json',
  'manifest',
  'pinned~20261121T093012Z',
  'proven~now~run',
  'deleting',
])('%s is not ours', (name) => {
  expect(parsePointObject(name)).toEqual({ kind: 'foreign' });
});

test('keys of others', () => {
  expect(parsePointObjectKey('nuvla', 'nuvla/points/README')).toBeUndefined();
  expect(parsePointObjectKey('nuvla', 'other/points/a/capture.age')).toBeUndefined();
  expect(parseReportKey('nuvla', 'nuvla/reports/notes.txt')).toBeUndefined();
  expect(slugOf('restore/nuvla/a b')).toBe('restore!nuvla!a(20)b');
});

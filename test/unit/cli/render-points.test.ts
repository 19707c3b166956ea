import { renderAdoptions, renderPoint, renderPoints } from '../../../cli/render/points.ts';
import type { PointInFull } from '../../../operations/recovery-points/read-point.ts';
import type { RecoveryPointSummary } from '../../../domain/recovery-points/recovery-point.ts';
import { demoManifest } from '../../demo-situation.ts';

const now = Date.parse('2026-11-21T10:30:12.000Z');
const point = (change: Partial<RecoveryPointSummary> = {}): RecoveryPointSummary => ({
  id: '2026-11-21t0930z',
  startedAt: '2026-11-21T09:30:12.000Z',
  durationSeconds: 8,
  totalBytes: 1_400_000_000,
  incrementalBytes: 20_000,
  indices: 2,
  documents: 123_456,
  pinned: false,
  bad: false,
  deleting: false,
  ...change,
});
const adopted = { at: '2026-11-21T10:00:00.000Z', snapshot: 'nightly-1' };

test('a list: times, bytes, counts, capture and state', () => {
  const list = renderPoints(
    [
      point({ provenAt: '2026-11-21T10:00:00.000Z', pinned: true }),
      point({ id: 'nightly-1', documents: undefined, adopted, bad: true, deleting: true }),
    ],
    now,
  ).split('\n');
  expect(list[0]).toMatch(/recovery point +data as of +age +took +size +new +indices +documents +capture +state/);
  expect(list[1]).toMatch(
    /^2026-11-21t0930z .* 1 h +8\.0 s +1\.4 GB +\+20\.0 kB +2 +123,456 +encrypted +proven 2026-11-21T10:00:00\.000Z, pinned$/,
  );
  expect(list[2]).toMatch(/^nightly-1 .* 2 +\? +none \(adopted\) +bad, being deleted, not proven$/);
});

test('one in full', () => {
  const manifest = { ...demoManifest(), reason: 'before a deployment' as const };
  manifest.images = { api: { reference: 'demo/api:1', digest: 'sha256:abc' } };
  const full: PointInFull = {
    summary: point(),
    manifest: { ...manifest, stores: manifest.stores.map((store) => ({ ...store, clusterUuid: 'c-1' })) },
    markers: [{ marker: 'pinned', at: '2026-11-21T10:00:00.000Z', run: 'restore/demo/1' }],
    indices: {
      documents: [
        {
          name: 'nuvla-job',
          state: 'open',
          primaries: 3,
          aliases: [],
          samples: [],
          documents: { atLeast: 5, atMost: 5 },
        },
        {
          name: 'nuvla-log',
          state: 'open',
          primaries: 1,
          aliases: [],
          samples: [],
          documents: { atLeast: 5, atMost: 9 },
        },
        { name: 'nuvla-old', state: 'open', primaries: 1, aliases: [], samples: [] },
      ],
    },
  };
  const text = renderPoint(full, now);
  for (const part of [
    /Recovery point 2026-11-21t0930z \(snapshot\.2026-11-21t0930z\)/,
    /data as of +2026-11-21T09:30:12\.000Z \(1 h ago\)/,
    /capture +encrypted, 1 bytes/,
    /run +backup\/demo\/1/,
    /taken +before a deployment/,
    /platform file +f{64}/,
    /Store documents: snapshot\.2026-11-21t0930z in s3_backup/,
    /taken by the cluster c-1/,
    /nuvla-job +open +3 primaries +5 documents/,
    /nuvla-log +open +1 primaries +at least 5 documents/,
    /nuvla-old +open +1 primaries +count not known/,
    /api +demo\/api:1 +sha256:abc/,
    /pinned +2026-11-21T10:00:00\.000Z +restore\/demo\/1/,
  ])
    expect(text).toMatch(part);
});

test('a store that the point goes without, with the reason', () => {
  const manifest = { ...demoManifest(), missing: [{ store: 'policy', reason: 'the disk is full' }] };
  const lines = renderPoint({ summary: point(), manifest, markers: [], indices: {} }, now).split('\n');
  expect(lines).toContain('Store policy: not in this point (optional): the disk is full');
});

test('adoptions, with the reasons', () => {
  expect(renderAdoptions({ adopted: [], notAdopted: [{ snapshot: 'a', reason: 'it is PARTIAL' }] })).toBe(
    'nothing new was adopted\nnot adopted 1:\n  a  it is PARTIAL',
  );
  expect(renderAdoptions({ adopted: [{ id: 'x', snapshot: 'snapshot.x' }], notAdopted: [] })).toBe(
    'adopted 1:\n  x  snapshot snapshot.x',
  );
});

import type { DiskRule } from '../../../domain/mounts.ts';
import { checkDisk } from '../../../operations/preflight/disk.ts';
import { diskRule } from '../../../systems/elasticsearch/disk-rule.ts';
import { demoManifest, demoPaths, demoSituation } from '../../demo-situation.ts';

const gigabyte = 1e9;
const margin = 512 * 1024 * 1024;
const manifest = demoManifest();
manifest.stores[0]!.totalBytes = 10 * gigabyte;
const seen = (freeBytes: number, totalBytes = 1000 * gigabyte) => ({
  freeBytes,
  totalBytes,
  volumeBytes: { 'demo_es-data': 5 * gigabyte, foreign: 50 * gigabyte },
  folders: {},
});
const situationWith = (disk: DiskRule | undefined, volumes: 'quarantine' | 'remove' = 'quarantine') => {
  const storePaths = demoPaths();
  const { disk: _, ...paths } = storePaths['documents']!;
  storePaths['documents'] = disk === undefined ? paths : { ...paths, disk };
  return demoSituation({ manifest, volumes, storePaths });
};

test('room beside the quarantine, or in place of what is removed', () => {
  const needed = 11 * gigabyte + margin;
  const look = (freeBytes: number, volumes: 'quarantine' | 'remove') =>
    checkDisk(situationWith({ copies: 1 }, volumes), seen(freeBytes));
  expect(look(needed, 'quarantine')).toMatchObject({ verdict: 'pass' });
  expect(look(needed - 1, 'quarantine')).toMatchObject({
    verdict: 'fail',
    evidence:
      "11.5 GB free under the engine's root, 11.5 GB needed (data 10.0 GB and a margin, in addition to the quarantine)",
    remedy: expect.stringContaining('--volumes remove') as string,
  });
  expect(look(needed - 5 * gigabyte, 'remove')).toMatchObject({ verdict: 'pass' });
  expect(look(needed - 5 * gigabyte - 1, 'remove')).toMatchObject({
    verdict: 'fail',
    evidence: expect.stringContaining('less 5.0 GB that are removed') as string,
  });
});

test.each<[string, DiskRule | undefined, number]>([
  ['off', { copies: 1 }, 0],
  ['a share of the disk', { low: '90%', copies: 1 }, 100 * gigabyte],
  ['a ratio', { low: '0.95', copies: 1 }, 50 * gigabyte],
  ['a share with a bound', { low: '85%', maxHeadroom: '10gb', copies: 1 }, 10 * 2 ** 30],
  ['a share without a bound', { low: '85%', maxHeadroom: '-1', copies: 1 }, 150 * gigabyte],
  ['what must stay free', { low: '20gb', copies: 1 }, 20 * 2 ** 30],
  ['not known: as Elasticsearch does by itself', undefined, 150 * gigabyte],
])('the low watermark: %s', (_how, rule, reserve) => {
  // A share is no whole number of bytes.
  const needed = 11 * gigabyte + margin + reserve;
  expect(checkDisk(situationWith(rule), seen(needed + 10)).verdict).toBe('pass');
  expect(checkDisk(situationWith(rule), seen(needed - 10)).verdict).toBe('fail');
});

test('replicas on the same host take their room', () => {
  const needed = Math.ceil(22 * gigabyte + margin);
  expect(checkDisk(situationWith({ copies: 2 }), seen(needed)).verdict).toBe('pass');
  expect(checkDisk(situationWith({ copies: 2 }), seen(needed - 1))).toMatchObject({
    verdict: 'fail',
    evidence: expect.stringContaining('data 20.0 GB with replicas and a margin') as string,
  });
});

test('data in a bind-mounted folder needs room where that lies', () => {
  const situation = situationWith({ low: '50gb', copies: 1 });
  for (const container of [...situation.observed.containers, ...situation.capture.containers])
    if (container.service === 'elasticsearch')
      container.mounts = [
        { type: 'bind', source: '/srv/es', destination: '/usr/share/elasticsearch/data', readOnly: false },
      ];
  const folders = { '/srv/es': { totalBytes: 100 * gigabyte, freeBytes: 30 * gigabyte } };
  expect(checkDisk(situation, { ...seen(900 * gigabyte), folders })).toMatchObject({
    verdict: 'fail',
    evidence: expect.stringMatching(/^30\.0 GB free at \/srv\/es, 65\.2 GB needed/) as string,
    remedy: expect.stringMatching(/^Make room on the disk of \/srv\/es/) as string,
  });
  expect(
    checkDisk(situation, { ...seen(gigabyte), folders: { '/srv/es': { totalBytes: 1e12, freeBytes: 9e11 } } }),
  ).toMatchObject({
    verdict: 'pass',
  });
});

test('what is not set is what Elasticsearch does; a watermark of its own has no bound', () => {
  const rule = (settings: Record<string, string>) => diskRule((name) => settings[`x.${name.split('.disk.')[1]}`], 1);
  expect(rule({})).toEqual({ low: '85%', maxHeadroom: '200gb', copies: 1 });
  expect(rule({ 'x.watermark.low': '93%' })).toEqual({ low: '93%', copies: 1 });
  expect(rule({ 'x.threshold_enabled': 'false', 'x.watermark.low': '93%' })).toEqual({ copies: 1 });
});

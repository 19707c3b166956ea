import fc from 'fast-check';
import type { RunEnd } from '../../../domain/notifications/announcement.ts';
import type { StatsdTarget } from '../../../domain/platform.ts';
import { datagramsOf, metricsOfEnd, metricsOfPoints } from '../../../domain/notifications/statsd.ts';

// cspell:ignore größer schöner zwei

const plain: StatsdTarget = {
  host: 'localhost',
  port: 8125,
  prefix: 'rekindle',
  dialect: 'statsd',
  tags: { env: 'prod' },
};
const dog: StatsdTarget = { ...plain, dialect: 'dogstatsd' };
const end: RunEnd = {
  what: 'end',
  run: 'backup/nuvla.eu/1',
  kind: 'backup',
  phase: 'failed',
  startedAt: '2026-11-21T09:30:00.000Z',
  finishedAt: '2026-11-21T09:30:42.500Z',
  failure: { kind: 'SnapshotPartial', message: 'shard 2 failed', remedy: 'look' },
};
const figures = { ageSeconds: 3600, totalBytes: 1234567, incrementalBytes: 0, documents: 21000 };
const lines = (datagrams: string[]) => datagrams.flatMap((datagram) => datagram.split('\n'));

describe('the lines of a run', () => {
  test('plain: platform, kind and phase are part of the name', () => {
    expect(lines(datagramsOf(plain, metricsOfEnd('nuvla.eu', end, figures)))).toEqual([
      'rekindle.nuvla_eu.backup.failed.run.ended:1|c',
      'rekindle.nuvla_eu.backup.failed.run.duration:42500|ms',
      'rekindle.nuvla_eu.backup.SnapshotPartial.run.failed:1|c',
      'rekindle.nuvla_eu.point.age_seconds:3600|g',
      'rekindle.nuvla_eu.point.total_bytes:1234567|g',
      'rekindle.nuvla_eu.point.new_bytes:0|g',
      'rekindle.nuvla_eu.point.documents:21000|g',
    ]);
  });

  test('DogStatsD: they are tags, beside those of the platform file', () => {
    const [ended, duration, failed, age] = lines(datagramsOf(dog, metricsOfEnd('nuvla', end, figures)));
    expect([ended, duration, failed, age]).toEqual([
      'rekindle.run.ended:1|c|#env:prod,platform:nuvla,kind:backup,phase:failed',
      'rekindle.run.duration:42500|ms|#env:prod,platform:nuvla,kind:backup,phase:failed',
      'rekindle.run.failed:1|c|#env:prod,platform:nuvla,kind:backup,failure:SnapshotPartial',
      'rekindle.point.age_seconds:3600|g|#env:prod,platform:nuvla',
    ]);
  });

  test('what is not known is not sent', () => {
    expect(metricsOfPoints('nuvla', {})).toEqual([]);
    expect(metricsOfEnd('nuvla', { ...end, failure: undefined }, {}).map(({ name }) => name)).toEqual([
      'run.ended',
      'run.duration',
    ]);
  });
});

describe('an event', () => {
  const document = { event: 'failure', platform: 'nuvla', at: end.finishedAt, text: 'größer | schöner\nzwei' } as const;

  test('has its lengths in bytes, and line breaks as two characters', () => {
    const [line] = datagramsOf(dog, [], document);
    const [, titleLength, textLength, rest = ''] = /^_e\{(\d+),(\d+)\}:(.*)$/s.exec(line ?? '') ?? [];
    const bytes = Buffer.from(rest);
    expect(bytes.subarray(0, Number(titleLength)).toString()).toBe('Rekindle: failure of nuvla');
    const body = bytes.subarray(Number(titleLength) + 1, Number(titleLength) + 1 + Number(textLength));
    expect(body.toString()).toBe('größer | schöner\\nzwei');
    expect(bytes.subarray(Number(titleLength) + 1 + Number(textLength)).toString()).toBe(
      '|d:1795253442|k:rekindle-nuvla|t:error|s:rekindle|#env:prod,platform:nuvla,event:failure',
    );
  });

  test('is nothing that plain StatsD has', () => expect(datagramsOf(plain, [], document)).toEqual([]));
});

test('a datagram fits into one packet, and no line is lost or cut', () => {
  const metric = fc.record({
    name: fc.constant('run.ended'),
    type: fc.constantFrom('c' as const, 'ms' as const, 'g' as const),
    value: fc.nat(),
    tags: fc.dictionary(fc.stringMatching(/^[a-z]{1,10}$/), fc.string({ unit: 'grapheme', maxLength: 60 }), {
      maxKeys: 4,
    }),
  });
  fc.assert(
    fc.property(fc.array(metric, { maxLength: 60 }), (metrics) => {
      const datagrams = datagramsOf(dog, metrics);
      for (const datagram of datagrams) expect(Buffer.byteLength(datagram)).toBeLessThanOrEqual(1432);
      expect(lines(datagrams)).toHaveLength(metrics.length);
      for (const line of lines(datagrams)) expect(line).toMatch(/^rekindle\.run\.ended:\d+\|(c|ms|g)\|#[^|]*$/);
    }),
  );
});

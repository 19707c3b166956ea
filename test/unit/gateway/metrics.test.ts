import { createMetrics } from '../../../gateway/metrics.ts';
import type { UnderWay } from '../../../domain/status/status.ts';
import { samplesOf } from '../../systems/gateway/samples.ts';
import { drill, now, passed, seen, trouble } from '../domain/status-samples.ts';

const at = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
const page = async (underWay: Partial<UnderWay> | undefined) => {
  const temporal = underWay
    ? { value: { runs: [], schedules: [], incidents: [], worker: true, ...underWay } }
    : { trouble };
  const text = await createMetrics({ version: 'test' }).page({ platforms: [seen({ temporal })], temporal, now });
  return samplesOf(text);
};

test('open incidents are counted by source and phase, with the age of the oldest in a phase', async () => {
  const incidents = [
    { platform: 'nuvla', phase: 'proposing', source: 'pagerduty', startedAt: at(5) },
    { platform: 'nuvla', phase: 'proposing', source: 'pagerduty', startedAt: at(20) },
    { platform: 'nuvla', phase: 'proposing', source: 'generic', startedAt: at(2) },
    { platform: 'nuvla', phase: 'working', source: 'generic', startedAt: at(60) },
  ];
  const samples = await page({ incidents });
  const open = (source: string, phase: string) =>
    samples.get(`rekindle_incidents_open{platform="nuvla",source="${source}",phase="${phase}"}`);
  expect([open('pagerduty', 'proposing'), open('generic', 'proposing'), open('generic', 'working')]).toEqual([2, 1, 1]);
  expect(samples.get('rekindle_incident_oldest_open_seconds{platform="nuvla",phase="proposing"}')).toBe(1200);
  expect([...(await page({})).keys()].filter((name) => name.startsWith('rekindle_incident'))).toEqual([]);
});

test('a worker is there, is absent, or is not known while Temporal does not answer', async () => {
  expect((await page({ worker: true })).get('rekindle_worker_polling')).toBe(1);
  expect((await page({ worker: false })).get('rekindle_worker_polling')).toBe(0);
  expect((await page(undefined)).has('rekindle_worker_polling')).toBe(false);
});

test('a platform has a worker of its own host, or has none, or it is not known', async () => {
  const polling = async (worker: 'working' | 'absent' | 'unknown') => {
    const platforms = [seen({ worker })];
    const text = await createMetrics({ version: 'test' }).page({ platforms, temporal: { trouble }, now });
    return samplesOf(text).get('rekindle_platform_worker_polling{platform="nuvla"}');
  };
  expect([await polling('working'), await polling('absent'), await polling('unknown')]).toEqual([1, 0, undefined]);
});

test('the time that people took is counted beside the whole', async () => {
  const metrics = createMetrics({ version: 'test' });
  const outcome = { run: 'r', kind: 'restore' as const, phase: 'passed' as const, finishedAt: at(1) };
  metrics.count('nuvla', { ...outcome, durationSeconds: 100, waitedSeconds: 60 });
  metrics.count('nuvla', { ...outcome, durationSeconds: 30 });
  const samples = samplesOf(await metrics.page({ platforms: [], temporal: { trouble }, now }));
  expect(samples.get('rekindle_run_waited_seconds_sum{platform="nuvla",kind="restore"}')).toBe(60);
  expect(samples.get('rekindle_run_waited_seconds_count{platform="nuvla",kind="restore"}')).toBe(1);
  expect(samples.get('rekindle_run_duration_seconds_count{platform="nuvla",kind="restore"}')).toBe(2);
});

test('when a drill last passed, next to the objective; no sample of what is not known or not wanted', async () => {
  const samples = async (given: Parameters<typeof seen>[0]) => {
    const text = await createMetrics({ version: 'test' }).page({
      platforms: [seen(given)],
      temporal: { trouble },
      now,
    });
    const found = samplesOf(text);
    return ['last_drill_timestamp_seconds', 'drill_objective_seconds'].map((name) =>
      found.get(`rekindle_${name}{platform="nuvla"}`),
    );
  };
  const outcomes = [passed, drill('2026-11-20T12:00:00Z')];
  expect(await samples({ outcomes, drilledSeconds: 604_800 })).toEqual([now / 1000 - 86_400, 604_800]);
  expect(await samples({})).toEqual([undefined, undefined]);
});

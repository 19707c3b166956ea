import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RunOutcome } from '../domain/runs/outcome.ts';
import type { PlatformName } from '../domain/platform.ts';
import type { PlatformSeen, Seen, UnderWay } from '../domain/status/status.ts';
import { platformGauges } from './platform-gauges.ts';

/** In seconds: from a quick backup to a day-long restore. */
const durationBuckets = [1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400];

export interface MetricsSeen {
  /** Undefined: the folder of platform files cannot be read. */
  platforms: PlatformSeen[] | undefined;
  temporal: Seen<Pick<UnderWay, 'worker'>>;
  /** In milliseconds. */
  now: number;
}

export interface Metrics {
  readonly contentType: string;
  /** Counts a run that ended; call once per run. */
  readonly count: (platform: PlatformName, outcome: RunOutcome) => void;
  readonly page: (seen: MetricsSeen) => Promise<string>;
}

/** Counters live as long as the process; gauges are computed for each scrape. `more`: of the gateway's other parts. */
export function createMetrics({ version, more = [] }: { version: string; more?: readonly Registry[] }): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = runCounters(registry);
  return {
    contentType: registry.contentType,
    count: counters.count,
    page: async (seen) => {
      for (const { platform } of seen.platforms ?? []) counters.begin(platform);
      const ofThisPage = new Registry();
      setGauges(ofThisPage, seen, version);
      const parts = [ofThisPage, registry, ...more].map((one) => one.metrics());
      return (await Promise.all(parts)).join('\n');
    },
  };
}

function runCounters(registry: Registry): Pick<Metrics, 'count'> & { begin: (platform: PlatformName) => void } {
  const registers = [registry];
  const runs = new Counter({
    name: 'rekindle_runs_total',
    help: 'Runs that ended and left a report in the catalogue, by how they ended.',
    labelNames: ['platform', 'kind', 'outcome'],
    registers,
  });
  const failures = new Counter({
    name: 'rekindle_failures_total',
    help: 'Runs that ended with a failure, by its kind.',
    labelNames: ['platform', 'kind', 'failure'],
    registers,
  });
  const durations = new Histogram({
    name: 'rekindle_run_duration_seconds',
    help: 'How long runs took from start to end, waiting for people included, in seconds.',
    labelNames: ['platform', 'kind'],
    buckets: durationBuckets,
    registers,
  });
  const waits = new Histogram({
    name: 'rekindle_run_waited_seconds',
    help: 'How long runs waited for people, for approvals and decisions together, in seconds; only those that did.',
    labelNames: ['platform', 'kind'],
    buckets: durationBuckets,
    registers,
  });
  return {
    /** A counter that appears as 1 shows no increase: the usual ones begin at 0. */
    begin: (platform) => {
      for (const outcome of ['passed', 'failed', 'refused', 'cancelled'])
        runs.inc({ platform, kind: 'backup', outcome }, 0);
    },
    count: (platform, { kind, phase, failure, durationSeconds, waitedSeconds }) => {
      runs.inc({ platform, kind, outcome: phase });
      if (failure !== undefined) failures.inc({ platform, kind, failure });
      durations.observe({ platform, kind }, durationSeconds);
      if (waitedSeconds !== undefined) waits.observe({ platform, kind }, waitedSeconds);
    },
  };
}

function setGauges(registry: Registry, { platforms, temporal, now }: MetricsSeen, version: string): void {
  const registers = [registry];
  new Gauge({
    name: 'rekindle_build_info',
    help: 'Always 1; the version is in its labels.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.version }, 1);
  new Gauge({
    name: 'rekindle_temporal_reachable',
    help: 'Whether Temporal answers: 1 yes, 0 no.',
    registers,
  }).set('value' in temporal ? 1 : 0);
  const worker = new Gauge({
    name: 'rekindle_worker_polling',
    help: 'Whether a worker asked for work within the last minute and a half: 1 yes, 0 no; no sample while Temporal does not answer.',
    registers,
  });
  // Without labels it begins as 0.
  worker.remove();
  if ('value' in temporal) worker.set(temporal.value.worker ? 1 : 0);
  new Gauge({
    name: 'rekindle_platforms_folder_readable',
    help: 'Whether the folder of platform files can be read: 1 yes, 0 no.',
    registers,
  }).set(platforms ? 1 : 0);
  for (const { name, help, labelNames, samples } of platformGauges) {
    const gauge = new Gauge({ name, help, labelNames: ['platform', ...labelNames], registers });
    for (const seen of platforms ?? [])
      for (const { labels, value } of samples(seen, now)) gauge.set({ platform: seen.platform, ...labels }, value);
  }
}

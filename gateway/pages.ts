import {
  combine,
  nothingKnown,
  statusOf,
  type CombinedStatus,
  type PlatformStatus,
} from '../domain/status/status-page.ts';
import { troubleOf, type PlatformSeen } from '../domain/status/status.ts';
import type { Incidents } from './incidents/incidents.ts';
import type { Metrics } from './metrics.ts';
import type { Watch } from './platforms.ts';

/** The answer of one path. */
export interface Page {
  status: number;
  body: object;
}

/** The answers of the gateway, as data: no HTTP. */
export interface Pages {
  /** For existing monitors: the JSON of the only platform in the format of the cron wrapper; with several platforms, all of them. */
  readonly front: () => Promise<Page>;
  readonly status: () => Promise<Page>;
  /** Failure: UnknownPlatform. */
  readonly platform: (name: string) => Promise<Page>;
  readonly metrics: () => Promise<string>;
  /** Whether the gateway itself works; problems of a platform belong to its status. */
  readonly readiness: () => Promise<Page>;
}

export interface PagesTools {
  watch: Watch;
  metrics: Metrics;
  incidents: Pick<Incidents, 'trouble'>;
  /** In milliseconds. */
  now: () => number;
}

export function gatewayPages({ watch, metrics, incidents, now }: PagesTools): Pages {
  const platforms = () => watch.all().then((seen) => seen.map((one) => statusOf(one, now())));
  return {
    front: () => platforms().then((pages) => answer(pages.length === 1 && pages[0] ? pages[0] : all(pages)), unknown),
    status: () => platforms().then((pages) => answer(all(pages)), unknown),
    platform: (name) => watch.platform(name).then((seen: PlatformSeen) => answer(statusOf(seen, now()))),
    async metrics() {
      const [temporal, seen] = await Promise.all([watch.temporal(), watch.all().catch(() => undefined)]);
      return metrics.page({ platforms: seen, temporal, now: now() });
    },
    async readiness() {
      const [temporal, folder] = await Promise.all([watch.temporal(), reasonOf(watch.platformNames())]);
      const checks = {
        temporal: check('trouble' in temporal ? temporal.trouble.message : undefined),
        platforms: check(folder),
        incidents: check(incidents.trouble()?.message),
      };
      const ready = Object.values(checks).every(({ ok }) => ok);
      return { status: ready ? 200 : 503, body: { ready, checks } };
    },
  };
}

function answer(body: CombinedStatus | PlatformStatus): Page {
  return { status: body.Rekindle.state === 'good' ? 200 : 503, body };
}

const unknown = (error: unknown): Page => answer(nothingKnown(troubleOf(error)));

/** Watching nothing is not healthy. */
function all(pages: PlatformStatus[]): CombinedStatus {
  if (pages.length > 0) return combine(pages);
  return nothingKnown({
    message: 'There is no platform file, so nothing is monitored',
    remedy: 'Put one in the folder named by REKINDLE_PLATFORMS',
  });
}

const check = (reason: string | undefined) => (reason === undefined ? { ok: true } : { ok: false, reason });

/** Why it failed; undefined: it did not. */
function reasonOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => troubleOf(error).message,
  );
}

import type { Announcement, RunEnd } from './announcement.ts';
import type { NotificationDocument } from './notification-document.ts';
import type { PlatformName, StatsdTarget } from '../platform.ts';

/** One line of StatsD. Times in milliseconds, sizes in bytes, ages in seconds. */
export interface Metric {
  name: string;
  type: 'c' | 'ms' | 'g';
  value: number;
  /** In the plain dialect their values become part of the name, in this order. */
  tags: Record<string, string>;
}

/** What is known of the platform's recovery points when metrics are sent. */
export interface PointFigures {
  /** Of the newest good one. */
  ageSeconds?: number;
  totalBytes?: number;
  incrementalBytes?: number;
  documents?: number;
}

/** A run's end: how it ended, how long it took, and the newest good recovery point since. */
export function metricsOfEnd(platform: PlatformName, end: RunEnd, figures: PointFigures): Metric[] {
  const { kind, phase, failure } = end;
  const tags = { platform, kind, phase: phase.replaceAll(' ', '_') };
  const milliseconds = Math.max(0, Date.parse(end.finishedAt) - Date.parse(end.startedAt));
  return [
    { name: 'run.ended', type: 'c', value: 1, tags },
    { name: 'run.duration', type: 'ms', value: milliseconds, tags },
    ...(failure
      ? [{ name: 'run.failed', type: 'c' as const, value: 1, tags: { platform, kind, failure: failure.kind } }]
      : []),
    ...metricsOfPoints(platform, figures),
  ];
}

/** Gauges of what there is to restore from; unknown values are not sent. */
export function metricsOfPoints(platform: PlatformName, figures: PointFigures): Metric[] {
  const names = {
    ageSeconds: 'point.age_seconds',
    totalBytes: 'point.total_bytes',
    incrementalBytes: 'point.new_bytes',
    documents: 'point.documents',
  };
  return (Object.keys(names) as (keyof PointFigures)[]).flatMap((figure) => {
    const value = figures[figure];
    return value === undefined ? [] : [{ name: names[figure], type: 'g' as const, value, tags: { platform } }];
  });
}

/** Bytes of a datagram that an ordinary network does not fragment. */
const longestDatagram = 1432;

/** The datagrams for one target, several lines in each. `document` becomes an event, which plain StatsD has not. */
export function datagramsOf(
  target: StatsdTarget,
  metrics: readonly Metric[],
  document?: Pick<NotificationDocument, 'event' | 'platform' | 'at' | 'text'>,
): string[] {
  const dog = target.dialect === 'dogstatsd';
  const lines = metrics.map((metric) => (dog ? taggedLine(target, metric) : plainLine(target, metric)));
  if (dog && document) lines.push(eventLine(target, document));
  const datagrams: string[] = [];
  for (const line of lines) {
    const last = datagrams.at(-1);
    if (last !== undefined && utf8Length(last) + 1 + utf8Length(line) <= longestDatagram)
      datagrams[datagrams.length - 1] = `${last}\n${line}`;
    else datagrams.push(line);
  }
  return datagrams;
}

/** `rekindle.nuvla.backup.passed.run.ended:1|c` */
function plainLine({ prefix }: StatsdTarget, { name, type, value, tags }: Metric): string {
  const parts = Object.values(tags).map((part) => part.replaceAll(/[^\w-]/g, '_'));
  return `${[prefix, ...parts, name].join('.')}:${String(value)}|${type}`;
}

/** `rekindle.run.ended:1|c|#platform:nuvla,kind:backup,phase:passed` */
function taggedLine(target: StatsdTarget, { name, type, value, tags }: Metric): string {
  return `${target.prefix}.${name}:${String(value)}|${type}${tagsOf({ ...target.tags, ...tags })}`;
}

function tagsOf(tags: Record<string, string>): string {
  const clean = (text: string) => text.replaceAll(/[|#,\n\r]/g, '_');
  const list = Object.entries(tags).map(([key, value]) => `${clean(key)}:${clean(value)}`);
  return list.length === 0 ? '' : `|#${list.join(',')}`;
}

const alerts = {
  failure: 'error',
  stale: 'error',
  waiting: 'warning',
  recovery: 'success',
  readiness: 'warning',
} as const;

/** Lengths are those of the UTF-8 bytes; a line break is written as two characters. */
function eventLine(
  target: StatsdTarget,
  { event, platform, at, text }: Pick<NotificationDocument, 'event' | 'platform' | 'at' | 'text'>,
): string {
  const title = `Rekindle: ${event} of ${platform}`;
  const body = text.replaceAll('\n', '\\n');
  const fields = [
    `d:${Math.floor(Date.parse(at) / 1000)}`,
    `k:rekindle-${platform}`,
    `t:${alerts[event]}`,
    's:rekindle',
  ];
  const head = `_e{${utf8Length(title)},${utf8Length(body)}}:${title}|${body}`;
  return `${head}|${fields.join('|')}${tagsOf({ ...target.tags, platform, event })}`;
}

/** Whether a target of this dialect receives anything of an announcement. */
export function concernsStatsd({ dialect }: StatsdTarget, { what }: Announcement): boolean {
  return what === 'end' || dialect === 'dogstatsd';
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

import type { MeasuredRun } from '../../../domain/forecast/measured.ts';
import type { Plan } from '../../../domain/plans/plan.ts';
import type { Action, Step } from '../../../domain/plans/steps.ts';
import { startProgress, type RunProgress } from '../../../domain/runs/progress.ts';

/** Id, action, what it waits for. */
type Row = readonly [id: string, action: Action, after: readonly string[]];

const restoreRows: readonly Row[] = [
  ['preflight', 'repeatPreflight', []],
  ['stop-api', 'stopService', ['preflight']],
  ['stop-es', 'stopService', ['stop-api']],
  ['quarantine-data', 'quarantineVolume', ['stop-es']],
  ['start-es', 'startService', ['quarantine-data']],
  ['start-zk', 'startService', ['quarantine-data']],
  ['await-es', 'awaitStore', ['start-es']],
  ['restore-es', 'restoreIndices', ['await-es']],
  ['verify-es', 'verifyIndices', ['restore-es']],
  ['rebuild-zk', 'rebuildQueue', ['restore-es', 'start-zk']],
  ['start-api', 'startService', ['verify-es', 'rebuild-zk']],
  ['backup', 'takeBackup', ['start-api']],
];

const drillRows: readonly Row[] = [
  ['open-scene', 'openScene', []],
  ['start-es', 'startService', ['open-scene']],
  ['start-zk', 'startService', ['open-scene']],
  ...restoreRows.slice(6, 11),
  ['close-scene', 'closeScene', ['start-api']],
];

const rowsOf = { restore: restoreRows, drill: drillRows };

/** A plan with the shape of the demo's: two services start in parallel, two checks run in parallel. */
export function planOf(kind: 'restore' | 'drill'): Pick<Plan, 'kind' | 'steps'> {
  return {
    kind,
    steps: rowsOf[kind].map(([id, action, after]) => ({ id, action, after, arguments: {} }) as unknown as Step),
  };
}

/** What each step takes, in seconds. */
export type Times = Record<string, number>;

export const usual: Times = {
  preflight: 4,
  'stop-api': 3,
  'stop-es': 6,
  'quarantine-data': 1,
  'open-scene': 2,
  'start-es': 8,
  'start-zk': 5,
  'await-es': 14,
  'restore-es': 20,
  'verify-es': 4,
  'rebuild-zk': 6,
  'start-api': 9,
  backup: 5,
  'close-scene': 3,
};

/** The report of a run in which each step took that long, and began when all that it waits for had ended. */
export function reportOf(kind: 'restore' | 'drill', times: Times = usual, bytes?: Record<string, number>): RunProgress {
  const begin = Date.parse('2026-11-21T10:00:00.000Z');
  const ends = new Map<string, number>();
  const at = (seconds: number) => new Date(begin + seconds * 1000).toISOString();
  const steps = rowsOf[kind].map(([id, action, after]) => {
    const start = Math.max(0, ...after.map((before) => ends.get(before) ?? 0));
    const end = start + (times[id] ?? 1);
    ends.set(id, end);
    return { id, action, title: id, status: 'done' as const, startedAt: at(start), finishedAt: at(end) };
  });
  return {
    ...startProgress(`${kind}/demo/1`, kind, 'demo', at(0)),
    phase: 'passed',
    verdict: 'pass',
    finishedAt: at(Math.max(...ends.values())),
    steps,
    ...(bytes && { forecast: { downtimeSeconds: 60, basis: 'a test', bytes, lost: [] } }),
  };
}

/** One that only says what a single step took. */
export function run(kind: MeasuredRun['kind'], id: string, seconds: number, bytes?: number): MeasuredRun {
  const action = [...restoreRows, ...drillRows].find(([each]) => each === id)?.[1] ?? 'startService';
  return { kind, steps: { [id]: { action, seconds, ...(bytes !== undefined && { bytes }) } } };
}

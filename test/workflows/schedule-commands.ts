import { applyToTemporal } from '../../cli/schedule/apply.ts';
import { showSchedules } from '../../cli/schedule/show.ts';
import type { ScheduleChange } from '../../domain/schedule/difference.ts';
import { openScheduleScene, type ScheduleScene } from './schedule-scene.ts';

export let scene: ScheduleScene;
/** One platform file for the file of tests; schedules of its own on a real Temporal. */
export function useSchedules(): void {
  beforeAll(async () => {
    scene = await openScheduleScene();
  });
  afterAll(() => scene.close());
}

export const nightly = { cron: '30 2 * * *', timeZone: 'Europe/Zurich', jitterSeconds: 30, catchUpSeconds: 7200 };
export const whole = {
  backup: { schedule: nightly, retention: { daily: 7 }, pruneSchedule: '@daily' },
  objectives: { recoveryPointMinutes: 60 },
};
export const by = 'anna@desk';
export const handleOf = (kind: 'backup' | 'prune' | 'freshness') => scene.client.schedule.getHandle(scene.id(kind));

export async function apply(dryRun = false): Promise<{ changes: ScheduleChange[]; said: string }> {
  scene.documents();
  scene.said();
  expect(await applyToTemporal(scene.context, scene.platform, { dryRun })).toBe(0);
  const [{ changes }] = scene.documents() as [{ changes: ScheduleChange[] }];
  return { changes, said: scene.said() };
}

export async function show(exitCode: number): Promise<{ said: string; schedules: Record<string, unknown>[] }> {
  scene.documents();
  scene.said();
  expect(await showSchedules(scene.context, scene.platform)).toBe(exitCode);
  const [{ schedules }] = scene.documents() as [{ schedules: Record<string, unknown>[] }];
  return { schedules, said: scene.said() };
}

export const kinds = (changes: ScheduleChange[]) => changes.map(({ change }) => change);

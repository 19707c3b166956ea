import { applyToTemporal } from '../../cli/schedule/apply.ts';
import { scheduleId } from '../../domain/schedule/schedule.ts';
import { openScheduleScene, type ScheduleScene } from './schedule-scene.ts';

const hour = 3_600_000;
const minute = 60_000;
let scene: ScheduleScene;
let platforms: string[];

beforeAll(async () => {
  scene = await openScheduleScene();
  platforms = [1, 2, 3, 4, 5, 6].map((number) => `${scene.platform}-${number}`);
});
afterAll(async () => {
  for (const { id } of all()) await scene.client.schedule.getHandle(id).delete();
  await scene.close();
});

const all = () =>
  platforms.flatMap((platform) => (['backup', 'prune'] as const).map((kind) => ({ id: scheduleId(platform, kind) })));

test('backups and prunes of platforms that share a bucket: each begins once an hour, at a minute that no other has', async () => {
  const timing = { everySeconds: 3600, spread: true };
  const backup = { schedule: timing, retention: { daily: 7 }, pruneSchedule: timing };
  for (const platform of platforms) await scene.write({ backup }, platform);
  for (const platform of platforms) expect(await applyToTemporal(scene.context, platform, { dryRun: false })).toBe(0);

  const offsets: number[] = [];
  for (const { id } of all()) {
    const { spec, info } = await scene.client.schedule.getHandle(id).describe();
    expect(spec.intervals).toMatchObject([{ every: hour }]);
    const offset = spec.intervals?.[0]?.offset ?? NaN;
    // As Temporal counts it, too.
    expect((info.nextActionTimes[0]?.getTime() ?? NaN) % hour).toBe(offset);
    offsets.push(offset);
  }
  expect(offsets).toHaveLength(12);
  expect(new Set(offsets).size).toBe(12);
  expect(offsets.every((offset) => offset % minute === 0 && offset < hour)).toBe(true);
});

import { pausesDuringRestore, schedulesOf } from '../../../domain/schedule/schedule.ts';
import { compareSchedules, isDrift, type LiveSchedule } from '../../../domain/schedule/difference.ts';
import { fieldsOf } from '../../../domain/schedule/fields.ts';
import { demoPlatform } from '../../demo-situation.ts';

const rest = { timeZone: 'UTC', jitterSeconds: 0, catchUpSeconds: 3600 };
const retention = { hourly: 0, daily: 7, weekly: 0, monthly: 0, yearly: 0, minimumCount: 3 };

function wholePlatform(name = 'demo') {
  const platform = demoPlatform(name);
  platform.backup = { ...platform.backup, schedule: { cron: '30 * * * *', ...rest }, retention };
  platform.objectives = { recoveryPointMinutes: 60 };
  return platform;
}
const fields = (name?: string) =>
  schedulesOf(wholePlatform(name)).map((one) => ({ id: one.id, fields: fieldsOf(one, 'queue') }));

describe('what a platform file asks for', () => {
  test('nothing, when it says nothing', () => expect(schedulesOf(demoPlatform())).toEqual([]));

  test('backup, prune and freshness, each with the platform as its input', () => {
    expect(fields().map(({ id }) => id)).toEqual([
      'rekindle/demo/backup',
      'rekindle/demo/prune',
      'rekindle/demo/freshness',
    ]);
    expect(fields()[0]!.fields).toEqual({
      timing: '0 30 * * * *',
      'time zone': 'UTC',
      clock: "the time zone's",
      jitter: '0 s',
      'catch-up window': '3600 s',
      overlap: 'skip',
      'pause on failure': 'no',
      workflow: 'backup',
      'workflow id': 'backup/demo',
      'task queue': 'queue',
      input: '{"platform":"demo"}',
      'anything else': 'nothing',
    });
  });

  test('readiness every so many minutes, at an offset of its own; 0, or bare servers: never', () => {
    const every = (everyMinutes: number) => ({ ...demoPlatform(), readiness: { everyMinutes } });
    expect(schedulesOf(every(30))).toMatchObject([
      { id: 'rekindle/demo/readiness', recurrence: { intervals: [{ everySeconds: 1800 }] } },
    ]);
    expect(schedulesOf(every(0))).toEqual([]);
    const { healthTimeoutSeconds, stopGraceSeconds, settleSeconds } = demoPlatform().deployment;
    const bare = {
      healthTimeoutSeconds,
      stopGraceSeconds,
      settleSeconds,
      data: [],
      core: [],
      alsoStop: [],
      volumes: {},
    };
    expect(schedulesOf({ ...every(30), deployment: { kind: 'none', ...bare } })).toEqual([]);
  });

  test('pruning once a day between midnight and six, each platform at its own minute, or as the file says', () => {
    const timings = ['a', 'b', 'c', 'd', 'nuvla'].map((name) => fields(name)[1]!.fields.timing);
    expect(new Set(timings).size).toBe(5);
    for (const timing of timings) expect(timing).toMatch(/^0 \d+ [0-5] \* \* \*$/);
    expect(fields('nuvla')).toEqual(fields('nuvla'));
    const platform = wholePlatform();
    platform.backup.pruneSchedule = { cron: '0 4 * * sun', ...rest };
    expect(fieldsOf(schedulesOf(platform)[1]!, 'queue').timing).toBe('0 0 4 * * 0');
  });

  test.each([
    [1, 60],
    [15, 90],
    [60, 300],
    [1440, 300],
  ])('with an objective of %i minutes a look every %i s', (recoveryPointMinutes, everySeconds) => {
    const platform = { ...demoPlatform(), objectives: { recoveryPointMinutes } };
    expect(schedulesOf(platform)[0]!.recurrence.intervals).toMatchObject([{ everySeconds }]);
  });

  test('drills as the file says; a restore pauses them', () => {
    const platform = demoPlatform();
    platform.drill = { core: [], memoryBytes: 2 ** 31, processors: 1, schedule: { cron: '0 4 * * sun', ...rest } };
    const drill = schedulesOf(platform).find(({ kind }) => kind === 'drill');
    expect(fieldsOf(drill!, 'queue')).toMatchObject({ timing: '0 0 4 * * 0', workflow: 'drill', overlap: 'skip' });
    expect(pausesDuringRestore(drill!.id)).toBe(true);
  });

  test('a restore pauses what backs up and prunes, and not what looks for stale backups', () => {
    expect(fields().map(({ id }) => pausesDuringRestore(id))).toEqual([true, true, false]);
  });
});

describe('the difference to what Temporal has', () => {
  const wanted = fields();
  const live = (): LiveSchedule[] => wanted.map((one) => ({ ...one, applied: one.fields, paused: false, note: '' }));
  const changed = (more: Partial<LiveSchedule>) => {
    const [first, ...others] = live();
    return [{ ...first!, ...more }, ...others];
  };
  const first = (found: LiveSchedule[]) => compareSchedules(wanted, found)[0]!;

  test('none', () => {
    expect(compareSchedules(wanted, live()).map(({ change }) => change)).toEqual(['none', 'none', 'none']);
  });

  test('a pause and its note are none', () => {
    expect(first(changed({ paused: true, note: 'new disks' })).change).toBe('none');
  });

  test('made, removed', () => {
    expect(compareSchedules(wanted, []).map(({ change }) => change)).toEqual(['create', 'create', 'create']);
    expect(compareSchedules([], live()).map(({ change }) => change)).toEqual(['remove', 'remove', 'remove']);
  });

  test('by the file, by hand, by both', () => {
    const now = wanted[0]!.fields;
    const then = { ...now, jitter: '5 s' };
    const byFile = first(changed({ fields: then, applied: then }));
    expect(byFile).toMatchObject({ fields: [{ field: 'jitter', is: '5 s', wanted: '0 s', cause: 'file' }] });
    expect(isDrift(byFile)).toBe(false);
    const byHand = first(changed({ fields: { ...now, overlap: 'allow all' } }));
    expect(byHand).toMatchObject({ fields: [{ field: 'overlap', cause: 'hand' }] });
    expect(isDrift(byHand)).toBe(true);
    const byBoth = first(changed({ fields: { ...then, overlap: 'allow all' }, applied: then }));
    expect(byBoth).toMatchObject({
      fields: [
        { field: 'jitter', cause: 'file' },
        { field: 'overlap', cause: 'hand' },
      ],
    });
  });

  test('what Rekindle has no record of was made by hand', () => {
    const found = changed({ fields: { ...wanted[0]!.fields, timing: '0 0 3 * * *' }, applied: undefined });
    expect(first(found)).toMatchObject({ fields: [{ field: 'timing', cause: 'hand' }] });
  });
});

import { downtimeOf } from '../../../domain/runs/downtime.ts';
import { startProgress, type RunProgress, type StepState } from '../../../domain/runs/progress.ts';

const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const now = 600_000;

type Row = [action: StepState['action'], status: StepState['status'], from?: number, to?: number];

function restoreOf(rows: Row[], finished?: number): RunProgress {
  return {
    ...startProgress('restore/demo/1', 'restore', 'demo', at(0)),
    ...(finished !== undefined && { finishedAt: at(finished) }),
    steps: rows.map(([action, status, from, to], index) => ({
      id: `${action}-${index}`,
      action,
      title: action,
      status,
      ...(from !== undefined && { startedAt: at(from) }),
      ...(to !== undefined && { finishedAt: at(to) }),
    })),
  };
}

const stopped: Row[] = [
  ['stopService', 'done', 10, 12],
  ['quarantineVolume', 'done', 12, 13],
  ['startService', 'done', 13, 17],
];

describe('the downtime of a restore', () => {
  test('goes on while the run waits for a decision with core down', () => {
    const waiting = restoreOf([...stopped, ['restoreIndices', 'failed', 17, 18], ['startService', 'waiting']]);
    expect(downtimeOf(waiting, now)).toEqual({ seconds: 590, over: false });
  });

  test('ends when the last core service is healthy, whatever the run does afterwards', () => {
    const passed = restoreOf([...stopped, ['verifyIndices', 'done', 17, 20], ['startService', 'done', 20, 31]]);
    passed.steps.push({ id: 'smoke', action: 'smokeCheck', title: '', status: 'failed', startedAt: at(31) });
    expect(downtimeOf(passed, now)).toEqual({ seconds: 21, over: true });
  });

  test('ends where there are no core services when the stores are verified', () => {
    const rows: Row[] = [...stopped, ['restoreIndices', 'done', 17, 25], ['verifyIndices', 'running', 25]];
    expect(downtimeOf(restoreOf(rows), now)).toEqual({ seconds: 590, over: false });
    rows[rows.length - 1] = ['verifyIndices', 'done', 25, 26];
    expect(downtimeOf(restoreOf(rows), now)).toEqual({ seconds: 16, over: true });
  });

  test('begins with the first attempt of its first step, however late a person had it repeated', () => {
    const gone = restoreOf([
      ['startService', 'done', 310, 315],
      ['verifyIndices', 'done', 315, 317],
    ]);
    gone.steps[0]!.firstStartedAt = at(5);
    expect(downtimeOf(gone, now)).toEqual({ seconds: 312, over: true });
  });

  test('of a run that was aborted is what was measured until its end, and was not over', () => {
    const aborted = restoreOf([...stopped, ['restoreIndices', 'failed', 17, 18], ['startService', 'waiting']], 110);
    expect(downtimeOf(aborted, now)).toEqual({ seconds: 100, over: false });
  });

  test('ends with the run when everything was undone', () => {
    const undone = restoreOf(
      [
        ['stopService', 'undone', 10, 12],
        ['startService', 'waiting'],
      ],
      15,
    );
    expect(downtimeOf(undone, now)).toEqual({ seconds: 5, over: true });
  });

  test('ends after a rollback with the services that it starts', () => {
    const rows: Row[] = [...stopped, ['startService', 'waiting']];
    rows.push(['stopService', 'done', 40, 41], ['returnVolume', 'done', 41, 42], ['startService', 'done', 42, 50]);
    expect(downtimeOf(restoreOf(rows, 51), now)).toEqual({ seconds: 40, over: true });
  });

  test('is unknown before the first stop, and of other runs', () => {
    expect(
      downtimeOf(
        restoreOf([
          ['repeatPreflight', 'running', 1],
          ['startService', 'waiting'],
        ]),
        now,
      ),
    ).toBeUndefined();
    expect(downtimeOf({ ...restoreOf(stopped), kind: 'rebuild' }, now)).toBeUndefined();
  });
});

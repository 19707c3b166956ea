import { follow, newsOf, newsOfGone, proposalState } from '../../../domain/incidents/run-news.ts';
import type { IncidentState } from '../../../domain/incidents/incident.ts';
import { startProgress, type RunProgress } from '../../../domain/runs/progress.ts';

type Run = NonNullable<IncidentState['run']>;
const run = (change: Partial<Run> = {}): Run => ({
  id: 'restore/nuvla/1',
  kind: 'restore',
  phase: 'starting',
  ...change,
});
const progress = (change: Partial<RunProgress>): RunProgress => ({
  ...startProgress('restore/nuvla/1', 'restore', 'nuvla', '2026-11-28T03:00:00.000Z'),
  ...change,
});
const ann = { by: 'ann', at: '2026-11-28T03:05:00.000Z', how: 'update' } as const;

describe('what people hear of a run', () => {
  test('that it waits for approval, with what it offers; a new plan after an approval says so again', () => {
    const followed = run();
    const waiting = newsOf(
      progress({
        phase: 'waiting for approval',
        recoveryPoint: { id: 'p-1', startedAt: '2026-11-28T02:30:00.000Z' },
        forecast: { downtimeSeconds: 61.4, basis: '', lost: [] },
      }),
    );
    expect(follow(followed, waiting)?.text).toBe(
      'restore/nuvla/1 waits for approval: data as of 2026-11-28T02:30:00.000Z (p-1), about 61 s without service',
    );
    expect(follow(followed, newsOf(progress({ phase: 'running', approvals: [ann] })))).toEqual({
      text: 'restore/nuvla/1 goes on, approved by ann',
      change: true,
    });
    expect(follow(followed, newsOf(progress({ phase: 'planning', approvals: [ann] })))).toBeUndefined();
    expect(follow(followed, waiting)?.text).toContain('waits for approval');
    expect(followed.approvedBy).toBeUndefined();
  });

  test('how it ended, and why; what touched nothing is no change', () => {
    const failure = { kind: 'Rejected', message: 'The plan was rejected by bob', remedy: '' };
    expect(follow(run(), newsOf(progress({ phase: 'refused', failure })))).toEqual({
      text: 'restore/nuvla/1 ended: refused: The plan was rejected by bob',
    });
    expect(follow(run(), newsOf(progress({ phase: 'passed', verdict: 'pass', approvals: [ann] })))).toEqual({
      text: 'restore/nuvla/1 ended, approved by ann: passed',
      change: true,
    });
    expect(follow(run(), newsOf(progress({ phase: 'skipped', note: 'restore/nuvla/0 holds nuvla' })))?.text).toBe(
      'restore/nuvla/1 ended: skipped: restore/nuvla/0 holds nuvla',
    );
    const gone = run();
    expect(follow(gone, newsOfGone('it was ended in Temporal (terminated)'))?.text).toContain('terminated');
    expect(gone).toMatchObject({ phase: 'failed', verdict: 'fail' });
  });

  test('what lies between is no news', () => {
    const followed = run({ phase: 'running', approvedBy: ['ann'] });
    expect(follow(followed, newsOf(progress({ phase: 'undoing', approvals: [ann] })))).toBeUndefined();
    expect(follow(followed, newsOf(progress({ phase: 'waiting for decision', approvals: [ann] })))?.text).toContain(
      'waits for a decision',
    );
  });
});

test('a proposal is withdrawn while it waits, and once more waits when its plan became stale', () => {
  const planHash = 'f'.repeat(64);
  expect(proposalState({ phase: 'starting' })).toBe('not yet');
  expect(proposalState({ phase: 'waiting for lock' })).toBe('not yet');
  expect(proposalState({ phase: 'waiting for approval', planHash })).toBe('waiting');
  // Approved, and a backup ends first.
  expect(proposalState({ phase: 'waiting for lock', planHash })).toBe('approved');
  expect(proposalState({ phase: 'running', planHash })).toBe('approved');
  expect(proposalState({ phase: 'waiting for decision', planHash })).toBe('approved');
  expect(proposalState({ phase: 'planning', planHash })).toBe('not yet');
  expect(proposalState({ phase: 'refused', planHash })).toBe('ended');
});

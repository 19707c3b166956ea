import type { PendingStep } from '../../../api/types.ts';
import { planCopy } from '../../../domain/copies/plan-copy.ts';
import { planRestore } from '../../../domain/plans/plan-restore.ts';
import { harmOf, isHarmless } from '../../../page/run/harm.ts';
import { lossOf, operationsWords } from '../../../page/run/loss.ts';
import { wordsOf } from '../../../page/run/said.ts';
import { countsOf, isOpen, sentenceOf, stateOf } from '../../../page/run/summary.ts';
import { progressWords, secondsLeft } from '../../../page/run/time-left.ts';
import { copySituation } from '../domain/copies/samples.ts';
import { demoSituation } from '../../demo-situation.ts';
import { plan } from '../../systems/page/documents.ts';
import { failedRun, passedRun, runningRun } from '../../systems/page/runs.ts';

const now = Date.parse('2026-11-28T18:00:00Z');
const pending = (done: number, total: number): PendingStep => ({
  step: 'restore',
  title: 'restore indices documents',
  attempt: 1,
  maximumAttempts: 5,
  startedAt: new Date(now - 60_000).toISOString(),
  progress: { done, total, unit: 'bytes', note: '' },
});

describe('time left', () => {
  test('goes by the pace so far', () => {
    expect(secondsLeft(pending(25, 100), now)).toBe(180);
    expect(progressWords(pending(1_500_000_000, 3_000_000_000), now)).toBe('1.5 GB of 3.0 GB, about 1 min left');
  });

  test.each([
    ['at the very beginning', pending(1, 100)],
    ['when the end is not known', pending(10, 0)],
    ['when more is done than was foreseen', pending(110, 100)],
    ['before it has begun', { ...pending(25, 100), startedAt: undefined }],
  ])('is not guessed %s', (_, step) => {
    expect(secondsLeft(step, now)).toBeUndefined();
  });
});

describe('what a plan does', () => {
  test('names each service with its containers, and each volume that is set aside', () => {
    const harm = harmOf(plan());
    expect(harm.stopped).toContainEqual({
      service: 'job-executor',
      containers: ['demo_job-executor_1', 'demo_job-executor_2'],
    });
    expect(harm.setAside).toEqual(['demo_es-data', 'demo_zk-data', 'demo_zk-log']);
    expect(harm.deleted).toEqual([]);
    expect(isHarmless(harm)).toBe(false);
  });

  test('names the indices that a copy deletes', () => {
    const seen = { indices: { 'nuvla-job': { uuid: 'u1', state: 'open' as const } } };
    for (const existing of ['replace', 'swap'] as const) {
      const copying = { ...planCopy(copySituation({ wishes: { existing }, seen })), hash: '' };
      expect(harmOf(copying)).toMatchObject({ deleted: ['nuvla-job'] });
    }
  });

  test('tells what is set aside from what is removed for good', () => {
    const removing = { ...planRestore(demoSituation({ volumes: 'remove' })), hash: '' };
    expect(harmOf(removing)).toMatchObject({ setAside: [], deleted: ['demo_es-data', 'demo_zk-data', 'demo_zk-log'] });
  });
});

describe('loss', () => {
  test('is a range, and at most so much where the lower end is not known', () => {
    expect(operationsWords({ atLeast: 1, atMost: 1 })).toBe('1 operation');
    expect(operationsWords({ atLeast: 3, atMost: 5 })).toBe('3 to 5 operations');
    expect(operationsWords({ atLeast: 0, atMost: 5000 })).toBe('at most 5,000 operations');
  });

  test('of a store that does not answer is unknown, never nothing', () => {
    expect(lossOf({ store: 'documents', since: '' })).toBeUndefined();
    expect(lossOf({ store: 'documents', since: '', indices: [] })).toBe('nothing');
  });

  test('counts those that are not named, too', () => {
    const indices = [{ index: 'a', atLeast: 1, atMost: 2 }];
    expect(lossOf({ store: 'x', since: '', indices, others: { indices: 9, atLeast: 10, atMost: 20 } })).toBe(
      '11 to 22 operations',
    );
  });
});

describe('where a run stands', () => {
  test('in one sentence for screen readers', () => {
    expect(sentenceOf(runningRun(now))).toMatch(
      /^restore: running; \d+ of \d+ steps done; now restore indices documents$/,
    );
    expect(sentenceOf(failedRun(now))).toMatch(/failed and waits for a decision$/);
  });

  test('a failed step is not done, and a run that was terminated is not open', () => {
    const { progress } = failedRun(now);
    expect(countsOf(progress).ended).toBe(progress.steps.filter(({ status }) => status === 'done').length);
    expect(isOpen({ progress, cutOff: false })).toBe(true);
    expect(isOpen({ progress, cutOff: true })).toBe(false);
    expect(isOpen(passedRun(now))).toBe(false);
  });

  test('a run that nobody answers for does not look as if it went on, and one that has ended is what it was', () => {
    const silent = 'No worker answers for this run';
    expect(stateOf(runningRun(now))).toEqual({ tone: 'busy', word: 'Running' });
    expect(stateOf({ ...runningRun(now), silent })).toEqual({ tone: 'bad', word: 'No answer' });
    expect(stateOf({ ...passedRun(now), silent })).toEqual({ tone: 'good', word: 'Passed' });
    expect(stateOf({ ...runningRun(now), cutOff: true, silent })).toEqual({ tone: 'bad', word: 'Failed' });
  });

  test('approvals and decisions stand in the order of their times, with who', () => {
    const words = wordsOf({
      approvals: [{ by: 'ann', at: '2026-11-28T17:00:00Z', how: 'update' }],
      decisions: [{ step: 'restore-documents', choice: 'retry', by: 'bob', at: '2026-11-28T17:30:00Z' }],
    });
    expect(words.map(({ text }) => text)).toEqual(['ann approved the plan', 'bob chose retry for restore-documents']);
  });

  test('a rejection stands there with its reason', () => {
    const rejection = { by: 'eve', at: '2026-11-28T17:10:00Z', reason: 'wrong point' };
    expect(wordsOf({ approvals: [], decisions: [], rejection })[0]?.text).toBe('eve rejected the plan: wrong point');
  });
});

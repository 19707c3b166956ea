import pc from 'picocolors';
import stringWidth from 'string-width';
import type { PendingStep } from '../../../domain/runs/pending-step.ts';
import { progressWords } from '../../../cli/render/progress-steps.ts';
import { renderRun, type Screen } from '../../../cli/render/progress.ts';
import type { StepProgress } from '../../../domain/plans/steps.ts';
import { startProgress, type RunProgress, type StepState, type StepStatus } from '../../../domain/runs/progress.ts';

const started = Date.parse('2026-11-21T09:30:00.000Z');
const now = started + 245_000;
const at = (second: number) => new Date(started + second * 1000).toISOString();
const colour = pc.createColors(false);

/** A restore of 31 steps: 14 done, two under way, the rest waits. */
function restore(
  change: Partial<RunProgress> = {},
  title = (index: number) => `start service some-service-${index}`,
): RunProgress {
  const statusOf = (index: number): StepStatus => (index < 14 ? 'done' : index < 16 ? 'running' : 'waiting');
  const progress = startProgress('restore/nuvla/2026-11-21T09:30:00Z', 'restore', 'nuvla', at(0));
  return {
    ...progress,
    phase: 'running' as const,
    recoveryPoint: { id: '2026-11-21t0830z', startedAt: at(-3600) },
    pointOfNoReturn: { step: 'step-8', passedAt: at(90) },
    steps: Array.from({ length: 31 }, (_, index): StepState => ({
      id: `step-${index}`,
      action: index === 4 ? 'stopService' : index < 14 ? 'verifySnapshot' : 'startService',
      title: title(index),
      status: statusOf(index),
      ...(index < 16 && { startedAt: at(index * 10) }),
      ...(index < 14 && {
        finishedAt: at(index * 10 + 9),
        summary: `outcome of ${index}, with what was counted on the way`,
      }),
    })),
    ...change,
  };
}

const activity = (index: number, progress: StepProgress): PendingStep => ({
  step: `step-${index}`,
  title: 'start service',
  attempt: 1,
  maximumAttempts: 63,
  progress,
});
const pending = [
  activity(14, { done: 1.2e9, total: 4.8e9, unit: 'bytes', note: '3 of 9 indices' }),
  activity(15, { done: 150, total: 300, unit: 'seconds', note: 'elasticsearch does not listen yet' }),
];

const render = (progress: RunProgress, activities: PendingStep[], screen: Omit<Screen, 'now'>) =>
  renderRun(progress, activities, { colour }, { now, ...screen }).split('\n');

const screens = [
  { width: 100, height: 30 },
  { width: 80, height: 24 },
  { width: 60, height: 10 },
];

describe.each(screens)('31 steps on $width × $height', (screen) => {
  const fits = (lines: string[]) => {
    expect(lines.length).toBeLessThanOrEqual(screen.height);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(screen.width);
  };

  test('the head stays, what runs is shown, the rest is counted', () => {
    const lines = render(restore(), pending, screen);
    fits(lines);
    expect(lines[0]).toMatch(/^restore of nuvla to 2026-11-21t0830z: running, 4 min 5 s$/);
    const text = lines.join('\n');
    expect(text).toContain('restore/nuvla/2026-11-21T09:30:00Z');
    expect(text).toContain('14 of 31 steps done');
    // From the first stop, 40 s after the start.
    expect(text).toContain('downtime so far 3 min 25 s');
    expect(lines.filter((line) => line.includes('▶'))).toHaveLength(2);
    const count = (pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? 0);
    expect(count(/(\d+) more done/) + lines.filter((line) => line.includes('✔')).length).toBe(14);
    expect(count(/(\d+) more waiting/) + lines.filter((line) => line.includes('·  start')).length).toBe(15);
    // The last of what is done, the first of what waits.
    expect(text).toContain('service-13');
    expect(text).toContain('service-16');
  });

  test('a decision: what failed is said once, with what to type', () => {
    const message = 'core of nuvla_api is not healthy: the health check answers 503 since 120 s';
    const steps = restore().steps.map((step) =>
      step.id === 'step-14' ? { ...step, status: 'failed' as const, summary: message } : step,
    );
    const failure = { kind: 'ServiceUnhealthy', message, remedy: 'look into the log of the service' };
    const choices = (['retry', 'skip', 'abort', 'rollback'] as const).map((choice) => ({
      choice,
      meaning: `what ${choice} does to the platform and to its data, in a sentence of some length`,
    }));
    const lines = render(
      restore({
        phase: 'waiting for decision',
        note: `step step-14 failed: ${message}`,
        steps,
        pendingDecisions: [{ step: 'step-14', failure, choices }],
      }),
      pending.slice(1),
      screen,
    );
    fits(lines);
    expect(lines[0]).toContain('waiting for decision, 4 min 5 s');
    const text = lines.join(' ').replaceAll(/\s+/g, ' ');
    expect(text.split('is not healthy').length - 1).toBe(1);
    expect(text.split('step-14 failed').length - 1).toBe(1);
    expect(text).toContain('rekindle decide restore/nuvla/2026-11-21T09:30:00Z retry');
    for (const choice of ['skip', 'abort', 'rollback']) expect(text).toContain(choice);
    expect(text).toContain('waits for a decision');
  });

  test('eight decisions at once, long names, wide and combining characters, control characters', () => {
    const odd = restore(
      {
        platform: '平台'.repeat(40),
        pendingDecisions: Array.from({ length: 8 }, (_, index) => ({
          step: `step-${index}`,
          failure: { kind: 'Internal', message: `線\tzeile\n${'é'.repeat(90)}\u001b[31m`, remedy: '修理'.repeat(60) },
          choices: [{ choice: 'retry' as const, meaning: '再' }],
        })),
      },
      (index) => `開始 ${'サービス'.repeat(12)} ${index} 👩‍🔧`,
    );
    const lines = render(odd, pending, screen);
    fits(lines);
    expect(lines[0]).toMatch(/: running, 4 min 5 s$/);
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f]/);
  });

  test('more steps side by side than lines; nobody answers', () => {
    const all = restore();
    const steps = all.steps.map((step) => ({
      ...step,
      status: 'running' as const,
      startedAt: at(1),
      finishedAt: undefined,
    }));
    const trouble = 'no worker answers for this run; it waits for one; Ctrl-C ends the waiting, never the run';
    const lines = render({ ...all, steps: steps.map(({ finishedAt: _, ...step }) => step) }, [], {
      ...screen,
      trouble,
    });
    fits(lines);
    expect(lines.join(' ')).toContain('no worker answers');
    expect(lines.at(-1)).toMatch(/\d+ more running/);
  });
});

describe('a step that runs', () => {
  const row = (lines: string[], index: number) => lines.find((line) => line.includes(`some-service-${index} `)) ?? '';
  const lines = render(restore(), pending, { width: 120, height: 40 });

  test('has a bar where a share is known', () => {
    expect(row(lines, 14)).toMatch(/█{5}░{15} 25 % {2}1\.2 GB of 4\.8 GB {2}3 of 9 indices/);
  });

  test.each([
    ['one container', { done: 0, total: 1, unit: 'containers' as const, note: '' }, '0 %  0 of 1 container'],
    ['entries', { done: 1200, total: 4800, unit: 'entries' as const, note: '' }, '25 %  1,200 of 4,800 entries'],
    ['an unknown end', { done: 1, total: 0, unit: 'entries' as const, note: 'reading' }, 'reading, 1 entry'],
    ['bytes', { done: 1e9, total: 4e9, unit: 'bytes' as const, note: '' }, '25 %  1.0 GB of 4.0 GB'],
  ])('counts: %s; where there is little room, without a bar', (_, progress, words) => {
    expect(progressWords(progress, 30)).toBe(words);
  });

  test('has none of its time limit', () => {
    expect(row(lines, 15)).toMatch(/1 min 35 s {2}elasticsearch does not listen yet, at most 5 min 0 s$/);
    expect(row(lines, 15)).not.toMatch(/[█░%]/);
  });

  test('of a long name leaves half of the line for what is said beside it', () => {
    const long = render(
      restore({}, (index) => `quarantine volume ${'very-'.repeat(30)}long-name-${index}`),
      pending,
      { width: 100, height: 40 },
    );
    expect(long.find((line) => line.includes('✔'))).toMatch(/quarantine vol.*….*-0 .*outcome of 0, with what/);
    expect(long.find((line) => line.includes('▶'))).toContain('1.2 GB of 4.8 GB');
  });
});

test('no line is left empty while steps are folded', () => {
  for (const height of [8, 12, 20, 25, 30, 33, 34])
    expect(render(restore(), pending, { width: 100, height })).toHaveLength(Math.min(height, 34));
});

test('without a height all steps are shown', () => {
  expect(render(restore(), pending, { width: 240 }).filter((line) => line.includes('some-service'))).toHaveLength(31);
});

test('at the end the failure is left to the report below', () => {
  const failure = { kind: 'RestoreFailed', message: 'the snapshot is gone', remedy: 'take another' };
  const steps = restore().steps.map((step) =>
    step.id === 'step-14' ? { ...step, status: 'failed' as const, summary: failure.message } : step,
  );
  const text = render(
    restore({ phase: 'failed', finishedAt: at(200), failure, note: `step step-14 failed: ${failure.message}`, steps }),
    [],
    { width: 100, height: 30 },
  ).join('\n');
  expect(text).not.toContain(failure.message);
  expect(text).not.toContain('downtime');
});

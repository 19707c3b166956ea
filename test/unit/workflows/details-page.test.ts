import type { Plan } from '../../../domain/plans/plan.ts';
import { followPlan, startProgress, type RunProgress } from '../../../domain/runs/progress.ts';
import type { Step } from '../../../domain/plans/steps.ts';
import { detailsPage } from '../../../workflows/run/details-page.ts';

const steps = (count: number) =>
  Array.from({ length: count }, (_, index): Step => ({
    id: `quarantine-${index}`,
    action: 'quarantineVolume',
    arguments: { volume: `some-quite-long-project-name_volume-${index}`, host: 'machine', image: 'image' },
    after: [],
  }));

function progressOf(count: number): RunProgress {
  const progress = startProgress('restore/demo/1', 'restore', 'demo', '2026-11-21T09:30:00.000Z');
  followPlan(progress, {
    hash: 'c0ffee',
    recoveryPoint: { id: '2026-11-21t0930z', startedAt: '2026-11-21T09:30:12.000Z' },
    pointOfNoReturn: 'quarantine-0',
    steps: steps(count),
  } as Plan);
  return progress;
}
const bytes = (text: string) => Buffer.byteLength(text);

describe('the page of a run', () => {
  test('says how to approve', () => {
    const page = detailsPage({ ...progressOf(1), phase: 'waiting for approval' });
    expect(page).toContain('## restore of demo: waiting for approval');
    expect(page).toContain('`{"planHash": "c0ffee", "by": "<you>"}`');
    expect(page).toContain('**2026-11-21t0930z**, data as of 2026-11-21T09:30:12.000Z');
  });

  test('notes whom the run could not notify', () => {
    const page = detailsPage({
      ...progressOf(1),
      phase: 'passed',
      notes: ['notifications[0] (hooks.example) was not notified'],
    });
    expect(page).toContain('Note: notifications[0] (hooks.example) was not notified');
  });

  test('shows each step with mark, start, seconds and summary, and where there is no way back', () => {
    const progress = progressOf(2);
    Object.assign(progress.steps[0] ?? {}, {
      status: 'done',
      startedAt: '2026-11-21T09:31:00.000Z',
      finishedAt: '2026-11-21T09:31:02.340Z',
      summary: 'kept in /a|b\nand more',
    });
    const page = detailsPage(progress);
    expect(page).toContain('1 of 2 steps done');
    expect(page).toMatch(
      /\| ✔ \| .*volume-0 \*\*\(point of no return\)\*\* \| 09:31:00 \| 2\.3 \| kept in \/a\\\|b and more \|/,
    );
    expect(page).toMatch(/\| · \| .*volume-1 \| {2}\| {2}\| {2}\|/);
  });

  test('shows what waits for a decision with each choice, and how to decide', () => {
    const progress = progressOf(1);
    progress.pendingDecisions.push({
      step: 'quarantine-0',
      failure: { kind: 'VolumeRefused', message: 'disk full.', remedy: 'make room' },
      choices: [{ choice: 'retry', meaning: 'again' }],
    });
    const page = detailsPage({ ...progress, phase: 'waiting for decision' });
    expect(page).toContain('**quarantine-0 failed:** disk full. *make room*');
    expect(page).toContain('**retry** (again)');
    expect(page).toContain('{"step": "quarantine-0", "choice": "…", "by": "<you>"}');
  });

  test('lists the checks that did not pass', () => {
    const progress = progressOf(1);
    progress.checks.push({ name: 'count', verdict: 'fail', evidence: '3 of 4', remedy: 'look' });
    progress.checks.push({ name: 'aliases', verdict: 'pass', evidence: 'all', remedy: '' });
    const page = detailsPage({ ...progress, phase: 'failed', verdict: 'fail' });
    expect(page).toContain('failed (fail)');
    expect(page).toContain('- **fail** count: 3 of 4 → look');
    expect(page).not.toContain('aliases');
  });

  test.each([1, 30, 300, 3000])('stays below 20 KB with %i steps that all say much', (count) => {
    const progress = progressOf(count);
    for (const step of progress.steps)
      Object.assign(step, {
        status: 'done',
        startedAt: '2026-11-21T09:31:00.000Z',
        finishedAt: '2026-11-21T09:31:02.000Z',
        summary: 'ä'.repeat(500),
      });
    expect(bytes(detailsPage(progress))).toBeLessThan(20_000);
  });

  test('of many steps those are shown that matter: what runs and what failed', () => {
    const progress = progressOf(300);
    progress.steps.forEach((step, index) =>
      Object.assign(step, { status: index < 200 ? 'done' : 'waiting', summary: 'much to say '.repeat(20) }),
    );
    Object.assign(progress.steps[200] ?? {}, { status: 'running' });
    Object.assign(progress.steps[10] ?? {}, { status: 'failed', summary: 'no room' });
    const page = detailsPage(progress);
    expect(page).toMatch(/▶ .*volume-200 /);
    expect(page).toMatch(/✘ .*volume-10 .*no room/);
    expect(page).toContain('of 300 steps done');
    expect(page).toMatch(/\| … \| \d+ more \|/);
  });

  test('stays below 20 KB with very long failures and checks', () => {
    const progress = progressOf(20);
    for (let index = 0; index < 200; index++)
      progress.checks.push({ name: `count ${index}`, verdict: 'fail', evidence: 'x'.repeat(2000), remedy: 'look' });
    progress.failure = { kind: 'VerificationFailed', message: 'y'.repeat(400_000), remedy: 'look' };
    const page = detailsPage({ ...progress, note: 'z'.repeat(30_000), phase: 'failed', verdict: 'fail' });
    expect(bytes(page)).toBeLessThan(20_000);
    expect(page).toContain('20 steps done');
    expect(page).toContain('count 0');
  });
});

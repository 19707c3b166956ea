import { deviationsOf, findDeviations } from '../../../domain/reports/deviations.ts';
import { reportDocument } from '../../../domain/reports/document.ts';
import type { RunReport } from '../../../domain/reports/run-report.ts';
import { reportHtml } from '../../../drawing/report/html.ts';
import { reportMarkdown } from '../../../drawing/report/markdown.ts';
import { at, passedRestore } from './sample.ts';
import { passedDrill } from './sample-drill.ts';

/** A restore in which all went as planned. */
function smooth(changed: Partial<RunReport> = {}): RunReport {
  const sample = passedRestore();
  return { ...sample, steps: sample.steps.slice(0, 3), checks: sample.checks.slice(0, 1), ...changed };
}
const what = (report: RunReport) => findDeviations(report).map((one) => `${one.kind}: ${one.what}`);

test('a run that went as planned has none, and its report says so', () => {
  expect(findDeviations(smooth())).toEqual([]);
  const document = reportDocument(smooth());
  expect(reportMarkdown(document)).toContain('## Deviations\n\nNone.');
  expect(reportHtml(document)).toContain('<h2>Deviations</h2>\n<div class="wide"><p>None.</p>');
});

test('what people decided, with who and when; the check that a skip leaves says nothing new', () => {
  const report = smooth({
    decisions: [
      { step: 'stop', choice: 'retry', by: 'bob', at: at(11) },
      { step: 'start', choice: 'skip', by: 'ann', at: at(14) },
    ],
    checks: [{ name: 'start', verdict: 'fail', evidence: 'skipped after: no answer', remedy: 'look' }],
  });
  report.steps[0] = { ...report.steps[0]!, attempts: 3 };
  report.steps[2] = { ...report.steps[2]!, status: 'skipped', summary: 'no answer' };
  expect(findDeviations(report)).toEqual([
    { kind: 'decision', what: 'retry of "Stop es"', by: 'bob', at: at(11) },
    { kind: 'decision', what: 'skip of "Start es", after it failed: no answer', by: 'ann', at: at(14) },
    { kind: 'step', what: '"Stop es" was carried out 3 times', at: at(10) },
  ]);
});

test('steps that failed, were undone, left out or never begun', () => {
  const report = passedRestore({ checks: [] });
  report.steps[0] = { ...report.steps[0]!, status: 'undone' };
  report.steps[1] = { ...report.steps[1]!, status: 'failed', summary: 'no room' };
  report.steps[2] = { ...report.steps[2]!, status: 'skipped', summary: 'the backup goes on without es' };
  expect(what(report)).toEqual([
    'step: "Set aside <esdata> & more" failed: no room',
    'step: "Start es" was skipped: the backup goes on without es',
    'step: Undone: Stop es',
    'step: 1 of 4 steps never began: Never begun',
  ]);
});

test('a plan that was replaced, an approval that did not count, a rejection, a run that was cancelled for it', () => {
  const departures = [
    { at: at(5), what: 'The plan 0123456789ab was replaced: es was created again' },
    { at: at(6), what: 'The approval of eve of the wave does not count', by: 'eve' },
  ];
  const report = smooth({
    departures,
    notes: [...departures.map((one) => one.what), 'nobody answered at the webhook'],
    rejection: { by: 'ann', at: at(9), reason: 'wrong point' },
    cancelled: 'backup/nuvla/7',
  });
  expect(findDeviations(report)).toEqual([
    { kind: 'plan', ...departures[0] },
    { kind: 'plan', ...departures[1] },
    { kind: 'plan', what: 'The plan was rejected: wrong point', at: at(9), by: 'ann' },
    { kind: 'plan', what: 'backup/nuvla/7 was cancelled for this run' },
  ]);
  expect(reportDocument(report).notes).toEqual(['nobody answered at the webhook']);
});

test('warnings, checks that did not pass, objectives that were missed', () => {
  const checks = [
    ...passedRestore().checks,
    { name: 'count jobs', verdict: 'fail' as const, evidence: '3 of 4', remedy: 'look' },
  ];
  expect(what(smooth({ checks, objectives: { recoveryPointMinutes: 5, recoveryTimeMinutes: 60 } }))).toEqual([
    'check: warning of disk: little | room',
    'check: fail of count jobs: 3 of 4',
    'objective: data loss: 10 min 0 s for 5 min 0 s (RPO)',
  ]);
});

test('a drill of a part, a store and indices that the point goes without; what a warning says is said once', () => {
  const drill = passedDrill({
    rehearses: { documents: Array.from({ length: 10 }, (_, index) => `i${index}`) },
    steps: [],
  });
  drill.sources = {
    ...drill.sources!,
    missing: [
      { store: 'audit', reason: 'no answer' },
      { store: 'cache', reason: 'no room' },
    ],
    leftOut: { documents: ['.security-7'] },
  };
  expect(what(drill).filter((one) => one.startsWith('extent'))).toEqual([
    'extent: A part of documents alone was restored: 10 indices, i0, i1, i2, i3, i4, i5, i6, i7 and 2 more',
    'extent: The recovery point goes without the optional store cache: no room',
    'extent: The platform file leaves indices out of documents: .security-7',
  ]);
});

test('what a report says of itself counts; one of an earlier version is judged by its fields', () => {
  expect(deviationsOf(smooth({ deviations: [], cancelled: 'backup/nuvla/7' }))).toEqual([]);
  expect(deviationsOf(smooth({ cancelled: 'backup/nuvla/7' }))).toHaveLength(1);
});

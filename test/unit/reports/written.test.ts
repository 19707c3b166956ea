import { reportDocument } from '../../../domain/reports/document.ts';
import type { RunReport } from '../../../domain/reports/run-report.ts';
import { timelineOf } from '../../../domain/reports/timeline.ts';
import { startProgress } from '../../../domain/runs/progress.ts';
import { reportHtml } from '../../../drawing/report/html.ts';
import { reportMarkdown } from '../../../drawing/report/markdown.ts';
import { at, passedRestore } from './sample.ts';

test('the timeline has each step that began and each wait, in order, from the start of the run', () => {
  expect(timelineOf(passedRestore())).toEqual({
    totalSeconds: 40,
    noReturnSeconds: 12,
    bars: [
      { title: 'Waited for approval', fromSeconds: 3, toSeconds: 8, state: 'wait' },
      { title: 'Stop es', fromSeconds: 10, toSeconds: 12, state: 'done' },
      { title: 'Set aside <esdata> & more', fromSeconds: 12, toSeconds: 13, state: 'done' },
      { title: 'Start es', fromSeconds: 13, toSeconds: 35, state: 'done' },
    ],
  });
});

test('a report says who approved, the point and its age, and what it ran on', () => {
  const report = passedRestore({
    writtenBy: { version: '1.2.3', node: '20.19.0', host: 'dr-1' },
    decisions: [{ step: 'stop', choice: 'retry', by: 'bob', at: at(11) }],
  });
  const { facts, people } = reportDocument(report);
  expect(Object.fromEntries(facts as [string, string][])).toMatchObject({
    'Recovery point': `2026-11-21t0920z: data as of ${at(-600)}, 10 min 0 s old when the run started`,
    'Written by': 'Rekindle 1.2.3 on dr-1, Node 20.19.0',
  });
  expect(people).toEqual([
    [at(8), 'ann@host', 'approved the plan after reading it'],
    [at(11), 'bob', 'decided: retry of stop'],
  ]);
});

test('Markdown: nothing that a run said ends a cell or begins a tag', () => {
  const text = reportMarkdown(reportDocument(passedRestore()));
  expect(text).toContain('# Restore of nuvla: pass');
  expect(text).toContain('Set aside \\<esdata\\> & more');
  expect(text).toContain('| warning | disk | little \\| room → make room |');
});

test('HTML: stands alone and lets nothing in', () => {
  const hostile = passedRestore({ platform: '"><script>alert(1)</script>', notes: ['<img src=x onerror=alert(1)>'] });
  const page = reportHtml(reportDocument(hostile));
  expect(page).toContain("default-src 'none'");
  expect(page).not.toMatch(/<script|<img|<link|<a /);
  expect(page.match(/class="bar"/g)).toHaveLength(4);
});

test('a report of an earlier version, and one of a run that was refused, are written as well', () => {
  const refused: RunReport = {
    ...startProgress('restore/nuvla/1', 'restore', 'nuvla', at(0)),
    phase: 'refused',
    failure: { kind: 'PreflightRefused', message: 'No room', remedy: 'Make room' },
  };
  const document = reportDocument(refused);
  expect(document).toMatchObject({ verdict: 'refused', good: false, failure: ['No room', 'Make room'] });
  expect(reportMarkdown(document)).toContain('> No room');
  expect(reportHtml(document)).toContain('No room');
});

import { reportDocument } from '../../../domain/reports/document.ts';
import type { RunReport } from '../../../domain/reports/run-report.ts';
import { timelineOf } from '../../../domain/reports/timeline.ts';
import { startProgress } from '../../../domain/runs/progress.ts';
import { reportHtml } from '../../../drawing/report/html.ts';
import { reportMarkdown } from '../../../drawing/report/markdown.ts';
import { at, passedRestore } from './sample.ts';
import { passedDrill } from './sample-drill.ts';

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

test('Markdown has the timeline as a table, the waits and the point of no return in it', () => {
  const lines = reportMarkdown(reportDocument(passedRestore())).split('\n');
  const from = lines.indexOf('## Timeline');
  expect(lines.slice(from + 2, from + 9)).toEqual([
    '| From | Took | What | State |',
    '| --- | --- | --- | --- |',
    '| +3.0 s | 5.0 s | Waited for approval | wait |',
    '| +10.0 s | 2.0 s | Stop es | done |',
    '| +12.0 s |  | POINT OF NO RETURN | passed |',
    '| +12.0 s | 1.0 s | Set aside \\<esdata\\> & more | done |',
    '| +13.0 s | 22.0 s | Start es | done |',
  ]);
});

test('versions and digests of all that was restored, and of what restored it', () => {
  const { versions } = reportDocument(passedDrill());
  expect(versions.map(([name, version]) => [name, version])).toEqual([
    ['Rekindle', '0.1.0, on Node 26.1.0'],
    ['Docker engine of dr-1', '27.3.1'],
    ['Elasticsearch of documents', '8.15.3'],
    ['Image of elasticsearch', 'elasticsearch:8.15.3'],
    ['Image of zookeeper', 'zookeeper:3.9'],
    ['Plan', ''],
    ['Platform file', ''],
    ['Manifest of the recovery point', '2026-11-21t0850z'],
  ]);
  expect(versions.at(-1)?.[2]).toMatch(/^sha256:5f0c/);
  expect(reportMarkdown(reportDocument(passedDrill()))).toContain(
    `| elasticsearch:8.15.3 | sha256:${'a'.repeat(64)} |`,
  );
});

test('its place in the chain: its own digest, its link, and those before it', () => {
  const chain = { report: 'a1', link: 'b2', previous: [{ link: 'c3', run: 'restore/nuvla/0', report: 'd4' }] };
  const document = reportDocument(passedDrill({ chain }));
  expect(document.chain).toEqual([
    ['This report (SHA-256)', 'a1'],
    ['Link of this report (SHA-256)', 'b2'],
    ['Before it', 'restore/nuvla/0'],
    ['Its report (SHA-256)', 'd4'],
    ['Its link (SHA-256)', 'c3'],
  ]);
  expect(reportHtml(document)).toContain('<th scope="row">Before it</th><td class="short">restore/nuvla/0</td>');
  expect(reportMarkdown(document)).toContain('| Before it | restore/nuvla/0 |');
  const twice = { ...chain, previous: [{ link: 'c3', run: passedDrill().run, report: 'd4' }] };
  expect(reportDocument(passedDrill({ chain: twice })).chain[2]?.[1]).toMatch(/, before notes were added at its end$/);
  expect(reportDocument(passedDrill({ chain: { ...chain, linked: 'e5', previous: [] } })).chain).toEqual([
    ['This report (SHA-256)', 'a1'],
    ['CHANGED after it was written', 'its link names e5'],
    ['Link of this report (SHA-256)', 'b2'],
    ['Before it', 'none: it is the first of the chain'],
  ]);
  expect(reportDocument(passedRestore({ kind: 'backup', chain: { report: 'a1', previous: [] } })).chain[1]).toEqual([
    'Link',
    'none: the reports of a backup are not chained',
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

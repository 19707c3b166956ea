import { reportColumns, type ReportDocument, type Row } from '../../domain/reports/document.ts';
import { escapeXml } from '../escape-xml.ts';
import { reportStyle } from './html-style.ts';
import { timelineSvg } from './timeline-svg.ts';

/**
 * A report as one page that stands alone: no script, nothing loaded (its own policy forbids both), light or dark as its reader
 * prefers, and fit for paper.
 */
export function reportHtml(document: ReportDocument): string {
  const { title, verdict, good, failure, facts, timeline, notes } = document;
  return htmlPage(`${title}: ${verdict}`, [
    `<h1>${escapeXml(title)} <span class="verdict ${good ? 'good' : 'bad'}">${escapeXml(verdict)}</span></h1>`,
    ...failure.map((line) => `<p class="failure">${escapeXml(line)}</p>`),
    table(facts),
    ...section('Objectives', table(document.objectives, reportColumns.objectives), document.objectives),
    ...section('Deviations', deviations(document), [document]),
    ...section('Timeline', timelineSvg(timeline), timeline.bars),
    ...section('Approvals and decisions', table(document.people, reportColumns.people), document.people),
    ...section('Checks', table(document.checks, reportColumns.checks), document.checks),
    ...section('Steps', table(document.steps, reportColumns.steps), document.steps),
    ...section('Notes', `<ul>${notes.map((note) => `<li>${escapeXml(note)}</li>`).join('')}</ul>`, notes),
    ...section('Versions and digests', table(document.versions, reportColumns.versions), document.versions),
    ...section('Chain of reports', table(document.chain), document.chain),
  ]);
}

/** That there are none is a statement, too. */
function deviations({ deviations: rows }: ReportDocument): string {
  return rows.length === 0 ? '<p>None.</p>' : table(rows, reportColumns.deviations);
}

/** `broad`: for tables of many columns. */
export function htmlPage(title: string, content: readonly string[], { broad = false } = {}): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeXml(title)}</title>`,
    `<style>${reportStyle}</style>`,
    '</head>',
    broad ? '<body class="broad">' : '<body>',
    ...content,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** Empty when there is nothing to show. */
export function section(heading: string, content: string, of: readonly unknown[]): string[] {
  return of.length === 0 ? [] : [`<h2>${heading}</h2>`, `<div class="wide">${content}</div>`];
}

/** In characters: a time, a version or a verdict is not broken in two. */
const longestUnbroken = 24;
const tones: Record<string, string> = { pass: 'good', yes: 'good', fail: 'bad', NO: 'bad', warning: 'warn' };

/** `html`: what is shown, when that is more than the text. */
export function cell(text: string, html = escapeXml(text)): string {
  const digest = /^(sha256:)?[0-9a-f]{64}$/.test(text);
  const classes = [
    tones[text] ?? '',
    text !== '' && text.length <= longestUnbroken ? 'short' : '',
    digest ? 'digest' : '',
  ].filter((name) => name !== '');
  return classes.length === 0 ? `<td>${html}</td>` : `<td class="${classes.join(' ')}">${html}</td>`;
}

/** Without a head, the first cell of each row is its heading. */
export function table(rows: readonly Row[], head?: readonly string[]): string {
  const cells = (row: Row) =>
    row.map((text, index) =>
      head === undefined && index === 0 ? `<th scope="row">${escapeXml(text)}</th>` : cell(text),
    );
  return [
    '<table>',
    ...(head === undefined
      ? []
      : [`<thead><tr>${head.map((text) => `<th scope="col">${text}</th>`).join('')}</tr></thead>`]),
    '<tbody>',
    ...rows.map((row) => `<tr>${cells(row).join('')}</tr>`),
    '</tbody>',
    '</table>',
  ].join('\n');
}

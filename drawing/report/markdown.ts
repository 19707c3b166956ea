import { reportColumns, type ReportDocument, type Row } from '../../domain/reports/document.ts';
import { timelineColumns, timelineRows } from '../../domain/reports/timeline.ts';
import { oneLine } from '../text.ts';

/** A report as Markdown, for a ticket or a wiki. The timeline is a table: pictures do not travel with a text. */
export function reportMarkdown(document: ReportDocument): string {
  const { title, verdict, failure, notes, timeline } = document;
  const listed = (heading: string, name: keyof typeof reportColumns) =>
    section(heading, reportColumns[name], document[name]);
  return [
    `# ${cell(title)}: ${cell(verdict)}`,
    ...failure.map((line) => `> ${oneLine(line)}`),
    table(reportColumns.facts, document.facts),
    ...listed('Objectives', 'objectives'),
    ...(document.deviations.length === 0 ? ['## Deviations', 'None.'] : listed('Deviations', 'deviations')),
    ...section('Timeline', timelineColumns, timelineRows(timeline)),
    ...listed('Approvals and decisions', 'people'),
    ...listed('Checks', 'checks'),
    ...listed('Steps', 'steps'),
    ...(notes.length === 0 ? [] : ['## Notes', notes.map((note) => `- ${oneLine(note)}`).join('\n')]),
    ...listed('Versions and digests', 'versions'),
    ...listed('Chain of reports', 'chain'),
    '',
  ].join('\n\n');
}

/** Nothing when there is nothing to show. */
function section(heading: string, head: readonly string[], rows: readonly Row[]): string[] {
  return rows.length === 0 ? [] : [`## ${heading}`, table(head, rows)];
}

function table(head: readonly string[], rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

/** What would end a cell or begin a tag is written so that it does not. */
function cell(text: string): string {
  return oneLine(text).replaceAll(/[\\|<>`*_[\]]/g, (character) => `\\${character}`);
}

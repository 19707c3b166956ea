import { reportColumns, type ReportDocument, type Row } from '../../domain/reports/document.ts';
import { oneLine } from '../text.ts';

/** A report as Markdown, for a ticket or a wiki. */
export function reportMarkdown(document: ReportDocument): string {
  const { title, verdict, failure, notes } = document;
  const sections: [string, keyof typeof reportColumns][] = [
    ['Objectives', 'objectives'],
    ['Approvals and decisions', 'people'],
    ['Checks', 'checks'],
    ['Steps', 'steps'],
  ];
  return [
    `# ${cell(title)}: ${cell(verdict)}`,
    ...failure.map((line) => `> ${oneLine(line)}`),
    table(reportColumns.facts, document.facts),
    ...sections.flatMap(([heading, name]) =>
      document[name].length === 0 ? [] : [`## ${heading}`, table(reportColumns[name], document[name])],
    ),
    ...(notes.length === 0 ? [] : ['## Notes', notes.map((note) => `- ${oneLine(note)}`).join('\n')]),
    '',
  ].join('\n\n');
}

function table(head: readonly string[], rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

/** What would end a cell or begin a tag is written so that it does not. */
function cell(text: string): string {
  return oneLine(text).replaceAll(/[\\|<>`*_[\]]/g, (character) => `\\${character}`);
}

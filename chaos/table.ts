import { type Case, faultInWords, momentInWords } from './cases.ts';
import type { CaseResult } from './run-case.ts';
import type { Noted } from './state.ts';

/** The suite's line for one case. */
export function caseLine({ case: planned, result }: Noted): string {
  const cells = [
    String(planned.index).padStart(4),
    planned.shape.padEnd(7),
    planned.operation.padEnd(8),
    momentInWords(planned.moment).padEnd(36),
    faultsInWords(planned, result).padEnd(56),
    outcome(result),
    `${result.seconds.toFixed(0)} s`,
  ];
  return [cells.join('  '), ...result.violations.map((text) => `      ✘ ${text}`)].join('\n');
}

function faultsInWords({ faults }: Case, { struckAt }: CaseResult): string {
  return faults
    .map((fault, number) => `${faultInWords(fault)}${struckAt[number] === undefined ? ' (came too late)' : ''}`)
    .join('; ');
}

const outcome = ({ outcome: words, violations }: CaseResult): string =>
  violations.length > 0 ? `✘ ${words}` : `✔ ${words}`;

export function lastLine(noted: Noted[]): string {
  const wrong = noted.reduce((sum, { result }) => sum + result.violations.length, 0);
  return `${noted.length} faults, ${wrong} violations`;
}

const begin = '<!-- chaos:begin -->';
const end = '<!-- chaos:end -->';

/** Puts the table between the marks of a Markdown text, or at its end. */
export function withTable(text: string, seed: number, noted: Noted[]): string {
  const rows = noted.map(({ case: planned, result }) => [
    String(planned.index),
    planned.shape,
    planned.operation,
    momentInWords(planned.moment),
    faultsInWords(planned, result),
    outcome(result),
    result.seconds.toFixed(0),
  ]);
  const lines = [begin, '', `Seed ${seed}: **${lastLine(noted)}**.`, '', ...padded(rows), '', end];
  const table = lines.join('\n');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) return `${text.trimEnd()}\n\n${table}\n`.trimStart();
  return text.slice(0, from) + table + text.slice(to + end.length);
}

const heads = ['case', 'shape', 'operation', 'moment', 'fault', 'outcome', 'seconds'];
const toTheRight: ReadonlySet<string> = new Set(['case', 'seconds']);

/** As Prettier would write it. */
function padded(rows: string[][]): string[] {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const inColumn = (cell: string, column: number) => {
    const width = widths[column] ?? 0;
    return toTheRight.has(heads[column] ?? '') ? cell.padStart(width) : cell.padEnd(width);
  };
  const rule = heads.map((head, column) => {
    const width = widths[column] ?? 0;
    return toTheRight.has(head) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width);
  });
  return [heads, rule, ...rows].map((cells) => line(cells === rule ? rule : cells.map(inColumn)));
}

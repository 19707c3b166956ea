import { type Case, faultInWords, momentInWords } from './cases.ts';
import type { CaseResult } from './run-case.ts';
import type { Noted } from './state.ts';

/** The suite's line for one case. */
export function caseLine({ case: planned, result }: Noted): string {
  const cells = [
    String(planned.index).padStart(4),
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
  const rows = noted.map(({ case: planned, result }) =>
    [
      String(planned.index),
      planned.operation,
      momentInWords(planned.moment),
      faultsInWords(planned, result),
      outcome(result),
      result.seconds.toFixed(0),
    ].join(' | '),
  );
  const table = [
    begin,
    '',
    `Seed ${seed}: **${lastLine(noted)}**.`,
    '',
    '| case | operation | moment | fault | outcome | seconds |',
    '| ---: | --- | --- | --- | --- | ---: |',
    ...rows.map((row) => `| ${row} |`),
    '',
    end,
  ].join('\n');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) return `${text.trimEnd()}\n\n${table}\n`.trimStart();
  return text.slice(0, from) + table + text.slice(to + end.length);
}

import { padEnd, widthOf } from './text-width.ts';

/** Columns padded to their widest cell. Colours are put on afterwards, by line. */
export function table(rows: readonly (readonly string[])[], options: { indent?: string } = {}): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))));
  return rows.map((row) => {
    const cells = row.map((cell, column) => (column === row.length - 1 ? cell : padEnd(cell, widths[column] ?? 0)));
    return `${options.indent ?? ''}${cells.join('  ')}`.trimEnd();
  });
}

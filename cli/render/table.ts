/** Columns padded to their widest cell. Widths count characters: colours are put on afterwards, by line. */
export function table(rows: readonly (readonly string[])[], options: { indent?: string } = {}): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  return rows.map((row) => {
    const cells = row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)));
    return `${options.indent ?? ''}${cells.join('  ')}`.trimEnd();
  });
}

export function shorten(text: string, width: number): string {
  const line = text.replaceAll('\n', ' ');
  return line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line;
}

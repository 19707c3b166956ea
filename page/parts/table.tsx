import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ComponentChildren;
  /** Figures stand below each other. */
  figure?: true;
  /** Its title is for screen readers alone. */
  untitled?: true;
}

interface Options<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
}

/** On a narrow screen each row becomes a small card, its cells with their titles. */
export function Table<Row>({ caption, columns, rows, keyOf }: Options<Row>) {
  return (
    <table>
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ title, figure, untitled }) => (
            <th key={title} scope="col" class={figure && 'figure'}>
              {untitled ? <span class="unseen">{title}</span> : title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ title, cell, figure, untitled }) => (
              <td key={title} class={figure && 'figure'} data-title={untitled ? undefined : title}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ComponentChildren;
  /** Figures stand below each other. */
  figure?: true;
  /** A name or a time, which is not broken into lines. */
  short?: true;
  /** Words of any length, or none: they take what the others leave, and on a narrow screen a line of their own. */
  prose?: true;
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
            {columns.map(({ title, cell, untitled, ...look }) => (
              <td key={title} class={classOf(look)} data-title={untitled ? undefined : title}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const classOf = ({ figure, short, prose }: Pick<Column<unknown>, 'figure' | 'short' | 'prose'>) =>
  [figure && 'figure', short && 'short', prose && 'prose'].filter(Boolean).join(' ') || undefined;

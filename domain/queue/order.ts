import { valueAt, type Source } from './source.ts';

/** The position of a job among the others: by `first`, then by `rest` in the order of its UTF-8 bytes. */
export interface OrderKey {
  first: number;
  rest: string;
}

/** The sort key of documents ordered by these fields, ascending: numbers and dates by value, before texts; missing values last. */
export function orderBy(fields: readonly string[]): (source: Source) => OrderKey {
  const [first = '', ...others] = fields;
  return (source) => {
    const rest = others.map((field) => partOf(scalar(valueAt(source, field))));
    const value = scalar(valueAt(source, first));
    if (typeof value !== 'string') return { first: value ?? Infinity, rest: rest.join('\0') };
    return { first: Number.MAX_VALUE, rest: [value, ...rest].join('\0') };
  };
}

const isoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

function scalar(held: unknown): number | string | undefined {
  const value: unknown = Array.isArray(held) ? held[0] : held;
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const time = isoDate.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(time) ? value : time;
}

/** The text itself, so that an id that is also the entry's data is not stored twice. */
function partOf(value: number | string | undefined): string {
  if (value === undefined) return '\u{10FFFF}';
  return typeof value === 'string' ? value : `\u0001${sortable(value)}`;
}

/** Sixteen hexadecimal digits that sort like the numbers. */
function sortable(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const ordered = value < 0 || Object.is(value, -0) ? ~bits & 0xffffffffffffffffn : bits | 0x8000000000000000n;
  return ordered.toString(16).padStart(16, '0');
}

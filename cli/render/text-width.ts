import stringWidth from 'string-width';

// A terminal counts columns, not characters: "界" takes two, a combining accent none.

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** Without line breaks, tabs and control characters, which would break a layout that counts columns. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** At most `width` columns; what does not fit is cut off at the end. */
export function shorten(text: string, width: number): string {
  const line = oneLine(text);
  return widthOf(line) > width ? `${firstColumns(line, width - 1)}${width > 0 ? '…' : ''}` : line;
}

/** As `shorten`, but cut in the middle: the end of a name says more than its middle. */
export function shortenMiddle(text: string, width: number): string {
  const line = oneLine(text);
  if (widthOf(line) <= width) return line;
  const begin = firstColumns(line, Math.floor((width - 1) / 2));
  return shorten(`${begin}…${lastColumns(line, width - 1 - widthOf(begin))}`, width);
}

/** Lines of at most `width` columns, broken at spaces where there are any; lines after the first are indented further. */
export function wrap(text: string, width: number): string[] {
  const indent = /^ */.exec(text)?.[0] ?? '';
  const hanging = width > 2 * indent.length + 20 ? `${indent}  ` : '';
  const lines: string[] = [];
  let line = width > indent.length ? indent : '';
  for (const word of oneLine(text).trim().split(/ +/)) {
    const glue = line.trim() === '' ? '' : ' ';
    if (widthOf(line + glue + word) <= width) {
      line += glue + word;
      continue;
    }
    if (glue !== '') lines.push(line);
    let rest = glue === '' ? line + word : hanging + word;
    while (widthOf(rest) > width) {
      const head = firstColumns(rest, Math.max(width, 2));
      lines.push(head);
      rest = hanging + rest.slice(head.length);
    }
    line = rest;
  }
  return [...lines, line];
}

function firstColumns(text: string, width: number): string {
  return take(graphemes(text), width).join('');
}

function lastColumns(text: string, width: number): string {
  return take(graphemes(text).toReversed(), width).toReversed().join('');
}

/** As many from the front as fit. */
function take(parts: readonly string[], width: number): string[] {
  let left = width;
  const end = parts.findIndex((part) => (left -= widthOf(part)) < 0);
  return end < 0 ? [...parts] : parts.slice(0, end);
}

function graphemes(text: string): string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

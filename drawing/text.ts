// Text is measured without a font: neither Node nor a README has the reader's. Widths are those of a usual sans-serif,
// rounded up.

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** About the width of a line in pixels, rather too much than too little. */
export function textWidth(line: string, fontSize: number): number {
  return graphemes(line).reduce((sum, grapheme) => sum + emsOf(grapheme), 0) * fontSize;
}

// cspell:ignore ijlftr
function emsOf(grapheme: string): number {
  if (/^[ijlftrI.,:;|!'()[\]{}/\\ -]$/.test(grapheme)) return 0.37;
  if (/^[mwMW@%]$/.test(grapheme)) return 0.94;
  if (/^[A-Z_&#+=<>~…]$/.test(grapheme)) return 0.72;
  if (/^[\u0020-\u024f]/.test(grapheme)) return 0.6;
  return 1.4;
}

/** Without line breaks, tabs and what no drawing can show: control characters, halves of pairs, what is no character. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\p{Surrogate}\ufffe\uffff]+/gu, ' ').trim();
}

/**
 * Lines of at most `width` pixels, broken at spaces, else behind `-`, `_`, `.` and `/`, else anywhere. What does not fit
 * on `most` lines ends in `…`.
 */
export function wrap(text: string, width: number, fontSize: number, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of oneLine(text).split(/(?<= )/))
    for (const part of textWidth(word, fontSize) > width ? word.split(/(?<=[-_./])/) : [word])
      for (const piece of textWidth(part, fontSize) > width ? graphemes(part) : [part])
        if (textWidth((line + piece).trimEnd(), fontSize) <= width) line += piece;
        else {
          lines.push(line);
          line = piece;
        }
  const trimmed = [...lines, line].map((one) => one.trim()).filter((one) => one !== '');
  if (trimmed.length <= most) return trimmed;
  return [...trimmed.slice(0, most - 1), shorten(trimmed.slice(most - 1).join(' '), width, fontSize)];
}

/** One line; what does not fit ends in `…`. */
export function shorten(text: string, width: number, fontSize: number): string {
  const line = oneLine(text);
  if (textWidth(line, fontSize) <= width) return line;
  const parts = graphemes(line);
  while (parts.length > 0 && textWidth(`${parts.join('')}…`, fontSize) > width) parts.pop();
  return `${parts.join('').trimEnd()}…`;
}

function graphemes(text: string): string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

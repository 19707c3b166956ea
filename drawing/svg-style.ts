import { textSizes } from './layout.ts';

interface Palette {
  paper: string;
  ink: string;
  muted: string;
  edge: string;
  box: string;
  border: string;
  /** Border and fill of boxes, by class. */
  running: [string, string];
  done: [string, string];
  failed: [string, string];
  skipped: [string, string];
  moves: [string, string];
}

const light: Palette = {
  paper: '#ffffff',
  ink: '#1b2330',
  muted: '#5b6676',
  edge: '#8a94a3',
  box: '#f6f8fa',
  border: '#b4bdc9',
  running: ['#0b62c4', '#e5f0fd'],
  done: ['#1c7a3d', '#e9f6ed'],
  failed: ['#c01f2e', '#fdebec'],
  skipped: ['#7a5c00', '#fbf4dc'],
  moves: ['#b25a00', '#fff3e4'],
};

const dark: Palette = {
  paper: '#0f141b',
  ink: '#e7ecf3',
  muted: '#a3aebd',
  edge: '#6b7787',
  box: '#1a212b',
  border: '#465162',
  running: ['#5ba7ff', '#12263f'],
  done: ['#4cc274', '#12291b'],
  failed: ['#ff7b86', '#3a171b'],
  skipped: ['#e0b94a', '#2d2610'],
  moves: ['#f2a14b', '#33230f'],
};

/**
 * Plain rules without variables: programs that draw SVG know these. Fonts fall back to what is there; the text was
 * measured for a usual sans-serif.
 */
export function svgStyle(): string {
  const { font, detailFont } = textSizes;
  return [
    `text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-size:${font}px}`,
    '.title{font-size:16px;font-weight:600}',
    `.detail,.small{font-size:${detailFont}px}`,
    '.number{text-anchor:end;font-variant-numeric:tabular-nums}',
    '.edge,.mark,.line,.frame{fill:none}',
    '.edge{stroke-width:1.3}',
    '.mark,.warning{stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}',
    '.waiting .mark{stroke-width:3}',
    '.moves .box,.failed .box,.running .box{stroke-width:2}',
    '.either .box{stroke-dasharray:5 4}',
    '.frame{stroke-dasharray:2 3}',
    '.line{stroke-width:2;stroke-dasharray:9 5}',
    '.words{font-weight:600}',
    colours(light),
    `@media (prefers-color-scheme:dark){${colours(dark)}}`,
  ].join('');
}

function colours(palette: Palette): string {
  const { paper, ink, muted, edge, box, border, running, done, failed, skipped, moves } = palette;
  const states = { running, done, failed, skipped };
  return [
    `.paper{fill:${paper}}text{fill:${ink}}.detail,.small,.number{fill:${muted}}`,
    `.edge{stroke:${edge}}.head,.joint{fill:${edge}}`,
    `.box{fill:${box};stroke:${border}}.frame{stroke:${border}}.mark{stroke:${muted}}`,
    `.moves .box{stroke:${moves[0]};fill:${moves[1]}}.warning{stroke:${moves[0]};fill:${paper}}`,
    `.line{stroke:${moves[0]}}.words{fill:${moves[0]}}`,
    ...Object.entries(states).map(
      ([name, [line, fill]]) => `.${name} .box{stroke:${line};fill:${fill}}.${name} .mark{stroke:${line}}`,
    ),
  ].join('');
}

import { escapeXml } from './escape-xml.ts';
import type { PlanGraph } from './graph.ts';
import { layOut, lineWords, textSizes, type Area, type Layout, type LayoutOptions, type PlacedStep } from './layout.ts';
import { markPaths, markSize, warningPath } from './marks.ts';
import { svgStyle } from './svg-style.ts';
import { shorten, textWidth } from './text.ts';
import { inWords, legendOf, stateWords } from './words.ts';

const margin = 16;
const head = 54;
const legendLine = 20;

/**
 * A picture that stands alone: no script, nothing loaded, light or dark as its reader prefers. The plan alone has its
 * steps numbered as the dry run lists them; with states, each step has its mark and a line on how it went.
 */
export function svgOf(graph: PlanGraph, options: Pick<LayoutOptions, 'direction'> = {}): string {
  const layout = layOut(graph, { ...options, details: graph.steps.some(({ state }) => state !== undefined) });
  const legend = legendOf(graph);
  const words = [textWidth(graph.title, 16), textWidth(graph.subtitle, textSizes.detailFont)];
  const width = Math.ceil(Math.max(layout.width, ...words.map((one) => one + 2 * margin)));
  const height = head + layout.height + (legend.length > 0 ? legend.length * legendLine + margin / 2 : 0);
  const shift = Math.floor((width - layout.width) / 2);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="plan-title plan-steps">`,
    `<title id="plan-title">${escapeXml(graph.title)}</title>`,
    `<desc id="plan-steps">${escapeXml(inWords(graph))}</desc>`,
    `<style>${svgStyle()}</style>`,
    `<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 .6L8 4L0 7.4Z"/></marker></defs>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    `<text class="title" x="${margin}" y="26">${escapeXml(graph.title)}</text>`,
    `<text class="small" x="${margin}" y="44">${escapeXml(graph.subtitle)}</text>`,
    `<g transform="translate(${shift} ${head})">`,
    ...drawn(layout, graph),
    '</g>',
    ...legend.flatMap((entry, index) => legendEntry(entry, height - margin / 2 - (legend.length - index) * legendLine)),
    '</svg>',
    '',
  ].join('\n');
}

/** What is behind comes first. */
function drawn({ line, frames, edges, joints, steps }: Layout, graph: PlanGraph): string[] {
  const jointNames = new Set(graph.joints.map(({ id }) => id));
  return [
    ...(line ? [`<path class="line" d="M${line.from.x} ${line.from.y}L${line.to.x} ${line.to.y}"/>`] : []),
    ...frames.map((area) => `<rect class="frame" ${areaOf(area)} rx="8"/>`),
    ...edges.map(
      ({ to, path }) => `<path class="edge" d="${path}"${jointNames.has(to) ? '' : ' marker-end="url(#arrow)"'}/>`,
    ),
    ...joints.map(({ x, y }) => `<circle class="joint" cx="${x}" cy="${y}" r="3"/>`),
    ...steps.flatMap((step) => drawnStep(step, graph.steps.indexOf(step.step) + 1)),
    ...(line ? [`<text class="words" x="${line.words.x}" y="${line.words.y + 13}">${lineWords}</text>`] : []),
  ];
}

function drawnStep(placed: PlacedStep, number: number): string[] {
  const { step, lines, x, y, width } = placed;
  const { state, destructive, side, title } = step;
  const { font, line, paddingX, paddingY, mark, detailFont, detailLine } = textSizes;
  const left = x + paddingX + mark;
  const baseline = y + paddingY + font;
  const classes = ['step', state?.status, destructive && 'moves', side === 'either' && 'either'].filter(Boolean);
  const detail = state && shorten(stateWords(state), width - mark - 2 * paddingX, detailFont);
  return [
    `<g class="${classes.join(' ')}"><title>${escapeXml([title, state && stateWords(state)].filter(Boolean).join('\n'))}</title>`,
    `<rect class="box" ${areaOf(placed)} rx="5"/>`,
    state
      ? `<path class="mark" transform="translate(${x + paddingX - 2} ${y + paddingY + 3})" d="${markPaths[state.status]}"/>`
      : `<text class="number small" x="${left - 7}" y="${baseline}">${number}</text>`,
    ...lines.map((words, row) => `<text x="${left}" y="${baseline + row * line}">${escapeXml(words)}</text>`),
    ...(detail === undefined
      ? []
      : [
          `<text class="detail" x="${left}" y="${baseline + (lines.length - 1) * line + detailLine}">${escapeXml(detail)}</text>`,
        ]),
    ...(destructive ? [warningAt(x + width - markSize - 3, y - markSize / 2)] : []),
    '</g>',
  ];
}

function legendEntry({ sign, words }: ReturnType<typeof legendOf>[number], y: number): string[] {
  const either = `<g class="either"><rect class="box" x="${margin}" y="${y}" width="18" height="12" rx="3"/></g>`;
  return [
    sign === 'warning' ? warningAt(margin + 3, y) : either,
    `<text class="small" x="${margin + 26}" y="${y + 10}">${escapeXml(words)}</text>`,
  ];
}

function warningAt(x: number, y: number): string {
  return `<path class="warning" transform="translate(${x} ${y})" d="${warningPath}"/>`;
}

function areaOf({ x, y, width, height }: Area): string {
  return `x="${x}" y="${y}" width="${width}" height="${height}"`;
}

import { extent, type Area, type Point, type Size } from './area.ts';
import { boxesOf, type Box } from './boxes.ts';
import type { GraphStep, PlanGraph } from './graph.ts';
import type { Edge } from './joints.ts';
import { lineAmong, type Line } from './line.ts';
import { place, type Placed, type Sized } from './place.ts';
import { textWidth, wrap } from './text.ts';

export type { Area, Point } from './area.ts';

export interface LayoutOptions {
  /** Default `down`: a screen is narrow, and scrolls. */
  direction?: 'down' | 'right';
  /** Room for one more line in each step: how far it is. It is there before anything runs, so that nothing jumps. */
  details?: boolean;
}

/** Where everything is, in pixels from the upper left corner. Areas have their own upper left corner as `x`, `y`. */
export interface Layout {
  direction: 'down' | 'right';
  width: number;
  height: number;
  steps: PlacedStep[];
  /** Around many parallel steps; edges lead to the frame. */
  frames: Area[];
  joints: Point[];
  edges: PlacedEdge[];
  /** The point of no return, from edge to edge: across, or down where the direction is `right`. */
  line?: { from: Point; to: Point; words: Area };
}

export interface PlacedStep extends Area {
  step: GraphStep;
  /** The title; the mark stands in front of the first line, `textSizes` says where. */
  lines: string[];
}

export interface PlacedEdge extends Edge {
  /** For the attribute `d` of an SVG path. */
  path: string;
}

/** Of a step's text: in a sans-serif, so that it fits as measured. */
export const textSizes = { font: 13, line: 17, paddingX: 11, paddingY: 5, mark: 19, detailFont: 11.5, detailLine: 15 };
export const lineWords = 'Point of no return';

const widest = 196;
const widestWithDetails = 224;
const mostLines = 3;
const stepsAcross = 4;
const within = 10;
const margin = 16;

/**
 * Places the steps of a plan. It depends on the plan alone, not on how far its run is. Pure and deterministic; runs in
 * Node and in a browser. 200 steps take about 0.1 s.
 */
export function layOut(graph: PlanGraph, { direction = 'down', details = false }: LayoutOptions = {}): Layout {
  const flip = direction === 'right';
  const sizes = stepSizes(graph, details);
  const across = (step: GraphStep) => turned(sizes.get(step.id) ?? { width: 0, height: 0 }, flip);
  const { boxes, edges } = boxesOf(graph);
  const { placed, routed } = place(
    boxes.map((box) => sized(box, across)),
    edges,
  );
  const inner = extent(placed);
  const words = { width: textWidth(lineWords, textSizes.font) + 8, height: textSizes.line };
  const line = lineAmong(placed, routed, { width: inner.width, words: flip ? { width: 0, height: 0 } : words });
  // To the right, the words stand above the drawing.
  const head = flip && line ? words.height + 4 : 0;
  const lead = Math.max(0, words.height - (line?.at ?? words.height));
  const move = ({ x, y }: Point): Point =>
    flip ? { x: y + lead + margin, y: x + margin + head } : { x: x + margin, y: y + lead + margin };
  const whole = flip
    ? { width: inner.height + lead, height: inner.width + head }
    : { width: Math.max(inner.width, (line?.words.x ?? 0) + (line?.words.width ?? 0)), height: inner.height + lead };
  const width = Math.ceil(whole.width + 2 * margin);
  const height = Math.ceil(whole.height + 2 * margin);
  return {
    direction,
    width,
    height,
    steps: placed.flatMap((box) =>
      cellsOf(box, across).map(({ step, ...cell }) => ({
        ...move(cell),
        ...turned(cell, flip),
        step,
        lines: linesOf(step, details),
      })),
    ),
    frames: placed.filter(({ steps }) => steps.length > 1).map((box) => ({ ...move(box), ...turned(box, flip) })),
    joints: placed.filter(({ steps }) => steps.length === 0).map(move),
    edges: routed.map(({ from, to, points }) => ({ from, to, path: pathThrough(points.map(move), flip) })),
    ...(line && { line: drawnLine(line, { width, height, words, flip, move }) }),
  };
}

function turned({ width, height }: Size, flip: boolean): Size {
  return flip ? { width: height, height: width } : { width, height };
}

function linesOf({ title }: GraphStep, details: boolean): string[] {
  return wrap(title, details ? widestWithDetails : widest, textSizes.font, mostLines);
}

/** All steps are equally wide, so that they stand in columns. */
function stepSizes({ steps }: PlanGraph, details: boolean): ReadonlyMap<string, Size> {
  const lines = new Map(steps.map((step) => [step.id, linesOf(step, details)]));
  const texts = [...lines.values()].flat().map((line) => textWidth(line, textSizes.font));
  const { paddingX, paddingY, mark, line, detailLine } = textSizes;
  const width = Math.ceil(Math.max(90, ...texts) + mark + 2 * paddingX);
  const heightOf = (count: number) => count * line + (details ? detailLine : 0) + 2 * paddingY;
  return new Map([...lines].map(([id, { length }]) => [id, { width, height: heightOf(length) }]));
}

function sized(box: Box, sizeOfStep: (step: GraphStep) => Size): Sized {
  if (box.steps.length === 0) return { ...box, width: 0, height: 0 };
  const [first] = box.steps;
  if (box.steps.length === 1 && first) return { ...box, ...sizeOfStep(first) };
  return { ...box, ...gridOf(box.steps.map(sizeOfStep)) };
}

/** Cells of one size, in rows. */
function gridOf(sizes: readonly Size[]): Size & { cell: Size } {
  const cell = { width: Math.max(...sizes.map((s) => s.width)), height: Math.max(...sizes.map((s) => s.height)) };
  const rows = Math.ceil(sizes.length / stepsAcross);
  const width = stepsAcross * (cell.width + within) + within;
  return { cell, width, height: rows * (cell.height + within) + within };
}

function cellsOf(box: Placed, sizeOfStep: (step: GraphStep) => Size): (Area & { step: GraphStep })[] {
  if (box.steps.length <= 1) return box.steps.map((step) => ({ step, ...sizeOfStep(step), x: box.x, y: box.y }));
  const { cell } = gridOf(box.steps.map(sizeOfStep));
  return box.steps.map((step, index) => ({
    step,
    ...cell,
    x: box.x + within + (index % stepsAcross) * (cell.width + within),
    y: box.y + within + Math.floor(index / stepsAcross) * (cell.height + within),
  }));
}

function drawnLine(
  { at, words }: Line,
  drawing: Size & { words: Size; flip: boolean; move: (point: Point) => Point },
): Layout['line'] {
  const { width, height, flip, move } = drawing;
  const { x, y } = move({ x: 0, y: at });
  if (!flip) return { from: { x: 0, y }, to: { x: width, y }, words: { ...words, ...move(words) } };
  const left = Math.min(Math.max(margin, x - drawing.words.width / 2), Math.max(margin, width - drawing.words.width));
  return {
    from: { x, y: margin + drawing.words.height },
    to: { x, y: height },
    words: { ...drawing.words, x: left, y: margin },
  };
}

/** Leaves and arrives along the drawing's direction, in curves. */
function pathThrough(points: readonly Point[], flip: boolean): string {
  const at = ({ x, y }: Point) => `${round(x)} ${round(y)}`;
  return points
    .map((point, index) => {
      const before = points[index - 1];
      if (before === undefined) return `M${at(point)}`;
      if (flip ? before.y === point.y : before.x === point.x) return `L${at(point)}`;
      const middle = { x: (before.x + point.x) / 2, y: (before.y + point.y) / 2 };
      const leaving = flip ? { x: middle.x, y: before.y } : { x: before.x, y: middle.y };
      const arriving = flip ? { x: middle.x, y: point.y } : { x: point.x, y: middle.y };
      return `C${at(leaving)} ${at(arriving)} ${at(point)}`;
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

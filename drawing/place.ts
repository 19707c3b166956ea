import type { Box } from './boxes.ts';
import { layOutGraph, newGraph } from './dagre.ts';
import type { Edge } from './joints.ts';

export interface Point {
  x: number;
  y: number;
}

/** `x`, `y`: the upper left corner. */
export interface Area extends Point {
  width: number;
  height: number;
}

export type Sized = Box & Pick<Area, 'width' | 'height'>;
export type Placed = Box & Area;

export interface RoutedEdge extends Edge {
  /** From the middle of the lower side of `from` to the middle of the upper side of `to`. */
  points: Point[];
}

/** Between steps side by side, and between those that wait for each other. */
const gap = { across: 20, along: 18 };

/** Positions from top to bottom, with few crossings and no line through a box. Deterministic. */
export function place(boxes: readonly Sized[], edges: readonly Edge[]): { placed: Placed[]; routed: RoutedEdge[] } {
  const graph = newGraph();
  graph.setGraph({ nodesep: gap.across, edgesep: 14, ranksep: gap.along });
  // The library keeps names as keys of objects; ours are made of what people chose.
  const keyOf = new Map(boxes.map(({ name }, index) => [name, `box-${index}`]));
  const key = (name: string) => keyOf.get(name) ?? name;
  for (const { name, width, height } of boxes) graph.setNode(key(name), { width, height });
  const sideOf = new Map(boxes.map(({ name, side }) => [name, side]));
  for (const { from, to } of edges) {
    const passes = sideOf.get(from) !== sideOf.get(to);
    graph.setEdge(key(from), key(to), { weight: 1, minlen: passes ? 2 : 1 });
  }
  for (const { from, to } of bandsOf(boxes, edges))
    if (!graph.hasEdge(key(from), key(to))) graph.setEdge(key(from), key(to), { weight: 0, minlen: 1 });
  layOutGraph(graph);
  const placed = boxes.map((box): Placed => {
    const { x, y } = graph.node(key(box.name));
    return { ...box, x: x - box.width / 2, y: y - box.height / 2 };
  });
  const byName = new Map(placed.map((box) => [box.name, box]));
  const rows = rowsOf(placed);
  const routed = edges.map((edge): RoutedEdge => {
    const { from, to } = edge;
    const bends = graph.edge(key(from), key(to)).points.slice(1, -1);
    return { ...edge, points: [bottom(byName.get(from)), ...throughRows(bends, rows), top(byName.get(to))] };
  });
  return { placed, routed };
}

/**
 * Waits that no plan has, for the order from top to bottom: first what is done before the point of no return, then what
 * may come before or after it, then what comes after it. Without the second, the plan's own waits see to that.
 */
function bandsOf(boxes: readonly Box[], edges: readonly Edge[]): Edge[] {
  const either = boxes.filter(({ side }) => side === 'either');
  if (either.length === 0) return [];
  const names = new Set(either.map(({ name }) => name));
  const before = boxes.filter(({ side }) => side === 'before').map(({ name }) => name);
  const after = boxes.filter(({ side }) => side === 'after').map(({ name }) => name);
  const first = either.filter(({ name }) => !edges.some(({ from, to }) => to === name && names.has(from)));
  const last = either.filter(({ name }) => !edges.some(({ from, to }) => from === name && names.has(to)));
  return [
    ...first.flatMap(({ name: to }) => before.map((from) => ({ from, to }))),
    ...last.flatMap(({ name: from }) => after.map((to) => ({ from, to }))),
  ];
}

interface Row {
  middle: number;
  height: number;
}

/** The library centres the boxes of one rank on one height. */
function rowsOf(placed: readonly Placed[]): Row[] {
  const rows = new Map<number, number>();
  for (const { y, height } of placed) {
    const middle = Math.round(y + height / 2);
    rows.set(middle, Math.max(rows.get(middle) ?? 0, height));
  }
  return [...rows].map(([middle, height]) => ({ middle, height }));
}

/** An edge that passes a row goes straight past its boxes; between rows it needs no bend. */
function throughRows(bends: readonly Point[], rows: readonly Row[]): Point[] {
  return bends.flatMap(({ x, y }) => {
    const row = rows.find(({ middle }) => Math.abs(middle - y) < 1);
    if (row === undefined) return [];
    return [
      { x, y: y - row.height / 2 },
      { x, y: y + row.height / 2 },
    ];
  });
}

function bottom(area: Area = { x: 0, y: 0, width: 0, height: 0 }): Point {
  return { x: area.x + area.width / 2, y: area.y + area.height };
}

function top(area: Area = { x: 0, y: 0, width: 0, height: 0 }): Point {
  return { x: area.x + area.width / 2, y: area.y };
}

import { extent, middle, type Area, type Point, type Size } from './area.ts';
import { boxesAbove, type Box } from './boxes.ts';
import { layOutGraph, newGraph, type DagreGraph } from './dagre.ts';
import type { Edge } from './joints.ts';

export type Sized = Box & Size;
export type Placed = Box & Area;

export interface RoutedEdge extends Edge {
  /** From the middle of the lower side of `from` to the middle of the upper side of `to`. */
  points: Point[];
}

/** Between steps side by side, and between rows. */
const gap = { across: 20, along: 19 };

/** Positions from top to bottom, with few crossings and no line through a box. Deterministic. */
export function place(boxes: readonly Sized[], edges: readonly Edge[]): { placed: Placed[]; routed: RoutedEdge[] } {
  const graph = newGraph();
  // The library keeps names as keys of objects; ours are made of what people chose.
  const keyOf = new Map(boxes.map(({ name }, index) => [name, `box-${index}`]));
  const key = (name: string) => keyOf.get(name) ?? name;
  const above = new Map(boxes.map((box) => [key(box.name), boxesAbove(box, boxes).map(({ name }) => key(name))]));
  const ranker = (ranked: DagreGraph) => rankAsSoonAsPossible(ranked, above);
  graph.setGraph({ nodesep: gap.across, edgesep: 14, ranksep: gap.along, ranker });
  const sideOf = new Map(boxes.map(({ name, side }) => [name, side]));
  for (const { name, width, height } of boxes) graph.setNode(key(name), { width, height });
  for (const { from, to } of edges) {
    const passes = sideOf.get(from) !== sideOf.get(to);
    graph.setEdge(key(from), key(to), { weight: 1, minlen: passes ? 2 : 1 });
  }
  layOutGraph(graph);
  const found = boxes.map((box): Placed => {
    const { x, y } = graph.node(key(box.name));
    return { ...box, x: x - box.width / 2, y: y - box.height / 2 };
  });
  const rows = rowsOf(found);
  const { width } = extent(found);
  const turns = rows.reduce((sum, { boxes: row }) => sum + againstOrder(row), 0) > 0;
  const placed = turns ? found.map((box) => ({ ...box, x: width - box.x - box.width })) : found;
  const byName = new Map(placed.map((box) => [box.name, box]));
  const routed = edges.flatMap((edge): RoutedEdge[] => {
    const [from, to] = [byName.get(edge.from), byName.get(edge.to)];
    if (from === undefined || to === undefined) return [];
    const bends = graph.edge(key(edge.from), key(edge.to)).points.slice(1, -1);
    const drawn = turns ? bends.map(({ x, y }) => ({ x: width - x, y })) : bends;
    const start = { x: middle(from).x, y: from.y + from.height };
    const end = { x: middle(to).x, y: to.y };
    const alone = edges.filter((other) => other.to === edge.to).length === 1;
    const points = [start, ...throughRows(drawn, rows)];
    return [{ ...edge, points: [...points, alone ? near(end, points.at(-1)) : end] }];
  });
  return { placed, routed };
}

/** The library numbers rows by two, so that words on an edge have a rank between them. */
const rowRanks = 2;

/** A step stands in the first row in which it could run, beside those that run at the same time. */
function rankAsSoonAsPossible(graph: DagreGraph, above: ReadonlyMap<string, readonly string[]>): void {
  const ranks = new Map<string, number>();
  const rankOf = (name: string): number => {
    const known = ranks.get(name);
    if (known !== undefined) return known;
    const awaited = graph.inEdges(name).map((edge) => rankOf(edge.v) + graph.edge(edge).minlen);
    const rank = Math.max(0, ...awaited, ...(above.get(name) ?? []).map((other) => rankOf(other) + rowRanks));
    ranks.set(name, rank);
    return rank;
  };
  for (const name of graph.nodes()) graph.node(name).rank = rankOf(name);
}

interface Row {
  middle: number;
  height: number;
  /** In the order of the plan. */
  boxes: Placed[];
}

/** The library centres the boxes of one rank on one height. */
function rowsOf(placed: readonly Placed[]): Row[] {
  const rows: Row[] = [];
  for (const box of placed) {
    const { y } = middle(box);
    const row = rows.find((one) => Math.abs(one.middle - y) < 1);
    if (row === undefined) rows.push({ middle: y, height: box.height, boxes: [box] });
    else {
      row.boxes.push(box);
      row.height = Math.max(row.height, box.height);
    }
  }
  return rows;
}

/** How many more pairs of a row stand against the plan's order than with it. */
function againstOrder(row: readonly Placed[]): number {
  return row
    .flatMap((one, index) => row.slice(index + 1).map((later) => Math.sign(one.x - later.x)))
    .reduce((sum, sign) => sum + sign, 0);
}

/** An edge that passes a row goes straight past its boxes; between rows it needs no bend. */
function throughRows(bends: readonly Point[], rows: readonly Row[]): Point[] {
  return bends.flatMap(({ x, y }) => {
    const row = rows.find((one) => Math.abs(one.middle - y) < 1);
    if (row === undefined) return [];
    return [
      { x, y: y - row.height / 2 },
      { x, y: y + row.height / 2 },
    ];
  });
}

/** A bend of a few pixels is none: the edge may as well end beside the middle of its box. */
function near(end: Point, before: Point = end): Point {
  return Math.abs(end.x - before.x) < 12 ? { ...end, x: before.x } : end;
}

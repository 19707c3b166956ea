import type { GraphJoint, GraphStep, PlanGraph } from './graph.ts';
import type { Edge } from './joints.ts';
import type { Side } from './sides.ts';

/** What is placed as one: a step, several of them in a frame, or a joint (neither). */
export interface Box {
  name: string;
  steps: GraphStep[];
  side: Side | undefined;
}

/** So many steps in parallel have a frame, in which they stand in rows; fewer stand side by side. */
const fewestInFrame = 5;

/**
 * What a graph's layout is made of. Steps that wait for the same ones, and that the same ones wait for, are put into one
 * box when they are many: without it, a plan for fifty volumes would be fifty steps wide.
 */
export function boxesOf({ steps, joints, edges }: PlanGraph): { boxes: Box[]; edges: Edge[] } {
  const groups = new Map<string, GraphStep[]>();
  for (const step of steps) {
    const key = neighbourhoodOf(step, edges);
    groups.set(key, [...(groups.get(key) ?? []), step]);
  }
  const boxes = [...groups.values()].flatMap((group): Box[] =>
    group.length >= fewestInFrame ? [boxOf(group)] : group.map((step) => boxOf([step])),
  );
  const boxNameOf = new Map(boxes.flatMap(({ name, steps: within }) => within.map(({ id }) => [id, name] as const)));
  const named = edges.map(({ from, to }) => [boxNameOf.get(from) ?? from, boxNameOf.get(to) ?? to] as const);
  const bundled = new Map(named.map(([from, to]) => [JSON.stringify([from, to]), { from, to }]));
  return withoutIdleJoints(boxes, joints, [...bundled.values()]);
}

function boxOf(steps: GraphStep[]): Box {
  const [first] = steps;
  return { name: first?.id ?? '', steps, side: first?.side };
}

function neighbourhoodOf({ id, side }: GraphStep, edges: readonly Edge[]): string {
  const awaited = edges.flatMap(({ from, to }) => (to === id ? [from] : []));
  const waiting = edges.flatMap(({ from, to }) => (from === id ? [to] : []));
  return JSON.stringify([side, awaited.toSorted(), waiting.toSorted()]);
}

/** A joint with one box before or behind it joins nothing. */
function withoutIdleJoints(
  boxes: Box[],
  joints: readonly GraphJoint[],
  edges: Edge[],
): { boxes: Box[]; edges: Edge[] } {
  for (const { id, side } of joints) {
    const into = edges.filter(({ to }) => to === id);
    const out = edges.filter(({ from }) => from === id);
    if (into.length > 1 && out.length > 1) boxes = [...boxes, { name: id, steps: [], side }];
    else {
      const others = edges.filter(({ from, to }) => from !== id && to !== id);
      edges = [...others, ...into.flatMap(({ from }) => out.map(({ to }) => ({ from, to })))];
    }
  }
  return { boxes, edges };
}

/**
 * What a box must stand below besides what it waits for: first comes what is done before the point of no return, then
 * what may run before or after it, then what comes after it. Without the second, the plan's own waits see to that.
 */
export function boxesAbove(box: Box, boxes: readonly Box[]): Box[] {
  if (box.side === 'either') return boxes.filter(({ side }) => side === 'before');
  return box.side === 'after' ? boxes.filter(({ side }) => side === 'either') : [];
}

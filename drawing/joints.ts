/** `to` waits for `from`. */
export interface Edge {
  from: string;
  to: string;
}

/**
 * Where several steps wait for the same several steps, every pair would have its line, and the lines would cross. They
 * meet in a joint instead: all on one side of it are done before any on the other begins.
 */
export function withJoints(direct: ReadonlyMap<string, readonly string[]>): { joints: string[]; edges: Edge[] } {
  const groups = new Map<string, { awaited: readonly string[]; waiting: string[] }>();
  for (const [id, awaited] of direct) {
    const key = JSON.stringify(awaited.toSorted());
    const group = groups.get(key) ?? { awaited, waiting: [] };
    group.waiting.push(id);
    groups.set(key, group);
  }
  const joints: string[] = [];
  const edges = [...groups.values()].flatMap(({ awaited, waiting }): Edge[] => {
    if (awaited.length < 2 || waiting.length < 2) return waiting.flatMap((to) => awaited.map((from) => ({ from, to })));
    const joint = freeName(`joint-${joints.length + 1}`, direct);
    joints.push(joint);
    return [...awaited.map((from) => ({ from, to: joint })), ...waiting.map((to) => ({ from: joint, to }))];
  });
  return { joints, edges };
}

function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  return taken.has(name) ? freeName(`${name}+`, taken) : name;
}

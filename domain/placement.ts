import type { SwarmNode } from './swarm.ts';

/** Whether a service with these placement constraints may run on the node, as Swarm judges it; a drained node takes none. */
export function mayRunOn(node: SwarmNode, constraints: readonly string[]): boolean {
  return node.usable && constraints.every((constraint) => meets(node, constraint));
}

function meets(node: SwarmNode, constraint: string): boolean {
  const [, key = '', operator, wanted = ''] = /^\s*(.+?)\s*(==|!=)\s*(.*?)\s*$/.exec(constraint) ?? [];
  const value = valueOf(node, key);
  // What is not known here is Swarm's to judge.
  if (operator === undefined || value === undefined) return true;
  const equal = value.toLowerCase() === wanted.toLowerCase();
  return operator === '==' ? equal : !equal;
}

function valueOf(node: SwarmNode, key: string): string | undefined {
  if (key === 'node.id') return node.id;
  if (key === 'node.hostname') return node.hostname;
  if (key === 'node.role') return node.role;
  if (key === 'node.platform.os') return node.platform.os;
  if (key === 'node.platform.arch') return node.platform.arch;
  if (key.startsWith('node.labels.')) return node.labels[key.slice('node.labels.'.length)] ?? '';
  if (key.startsWith('engine.labels.')) return node.engineLabels[key.slice('engine.labels.'.length)] ?? '';
  return undefined;
}

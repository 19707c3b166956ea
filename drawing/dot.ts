import type { GraphStep, PlanGraph } from './graph.ts';
import { oneLine } from './text.ts';
import { labelOf } from './words.ts';

/** For Graphviz. What is past the point of no return has a frame. */
export function dotOf(graph: PlanGraph): string {
  const { title, subtitle, steps, joints, edges } = graph;
  const names = new Map([
    ...steps.map(({ id }, index) => [id, `step${index + 1}`] as const),
    ...joints.map(({ id }, index) => [id, `joint${index + 1}`] as const),
  ]);
  const nodes = [
    ...steps.map((step, index) => ({ side: step.side, text: nodeOf(step, index + 1) })),
    ...joints.map(({ side }, index) => ({ side, text: `joint${index + 1} [shape=point, width=0.06];` })),
  ];
  const past = nodes.filter(({ side }) => side === 'after').map(({ text }) => `    ${text}`);
  const into = (to: string) => (joints.some(({ id }) => id === to) ? ' [dir=none]' : '');
  return [
    'digraph plan {',
    `  label=${quoted([title, subtitle])}; labelloc=t; fontname="Helvetica"; rankdir=TB;`,
    '  node [shape=box, style="rounded,filled", fillcolor="#f6f8fa", color="#8a94a3", fontname="Helvetica", fontsize=12];',
    '  edge [color="#8a94a3", arrowsize=0.7];',
    ...nodes.filter(({ side }) => side !== 'after').map(({ text }) => `  ${text}`),
    ...(past.length > 0
      ? [
          '  subgraph cluster_past {',
          '    label="Past the point of no return"; style=dashed; color="#b25a00";',
          ...past,
          '  }',
        ]
      : []),
    ...edges.map(({ from, to }) => `  ${names.get(from)} -> ${names.get(to)}${into(to)};`),
    '}',
    '',
  ].join('\n');
}

function nodeOf(step: GraphStep, number: number): string {
  const { destructive, side, state } = step;
  const style = side === 'either' ? ', style="rounded,filled,dashed"' : '';
  const frame = destructive ? ', penwidth=2, color="#b25a00"' : '';
  const colour = state && colours[state.status];
  return `step${number} [label=${quoted(labelOf(step, number))}${style}${frame}${colour ? `, fillcolor="${colour}"` : ''}];`;
}

const colours: Record<string, string> = { running: '#e5f0fd', done: '#e9f6ed', failed: '#fdebec', skipped: '#fbf4dc' };

/** Graphviz knows escapes with a backslash, and the entities of HTML. */
function quoted(lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    oneLine(line).replaceAll('&', '&amp;').replaceAll('\\', '\\\\').replaceAll('"', '\\"'),
  );
  return `"${escaped.join('\\n')}"`;
}

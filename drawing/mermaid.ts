import type { GraphStep, PlanGraph } from './graph.ts';
import { oneLine } from './text.ts';
import { labelOf } from './words.ts';

/** For Markdown that draws Mermaid. What is past the point of no return has a frame. */
export function mermaidOf(graph: PlanGraph): string {
  const { title, steps, joints, edges } = graph;
  const names = new Map([
    ...steps.map(({ id }, index) => [id, `step${index + 1}`] as const),
    ...joints.map(({ id }, index) => [id, `joint${index + 1}`] as const),
  ]);
  const nodes = [
    ...steps.map((step, index) => ({ side: step.side, text: nodeOf(step, index + 1) })),
    ...joints.map(({ side }, index) => ({ side, text: `joint${index + 1}(( ))` })),
  ];
  const past = nodes.filter(({ side }) => side === 'after').map(({ text }) => `    ${text}`);
  const arrow = (to: string) => (joints.some(({ id }) => id === to) ? '---' : '-->');
  return [
    '---',
    `title: ${JSON.stringify(oneLine(title))}`,
    '---',
    'flowchart TB',
    ...nodes.filter(({ side }) => side !== 'after').map(({ text }) => `  ${text}`),
    ...(past.length > 0 ? ['  subgraph past["Past the point of no return"]', ...past, '  end'] : []),
    ...edges.map(({ from, to }) => `  ${names.get(from)} ${arrow(to)} ${names.get(to)}`),
    ...Object.entries(classes).flatMap(([name, style]) =>
      nodes.some(({ text }) => text.endsWith(`:::${name}`)) ? [`  classDef ${name} ${style}`] : [],
    ),
    '',
  ].join('\n');
}

function nodeOf(step: GraphStep, number: number): string {
  const name = step.state && step.state.status in classes ? step.state.status : undefined;
  const shown = name ?? (step.destructive ? 'moves' : step.side === 'either' ? 'either' : undefined);
  return `step${number}["${labelOf(step, number).map(escaped).join('<br>')}"]${shown === undefined ? '' : `:::${shown}`}`;
}

const classes: Record<string, string> = {
  moves: 'stroke:#b25a00,stroke-width:2px',
  either: 'stroke-dasharray:5 4',
  running: 'stroke:#0b62c4,stroke-width:2px',
  done: 'stroke:#1c7a3d',
  failed: 'stroke:#c01f2e,stroke-width:2px',
  skipped: 'stroke:#7a5c00',
};

/** Mermaid has codes for characters; its own syntax, Markdown and HTML leave few that are safe without. */
function escaped(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}\p{M} .()/-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}

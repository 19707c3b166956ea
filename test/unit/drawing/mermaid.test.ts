import fc from 'fast-check';
import { graphOf } from '../../../drawing/graph.ts';
import { mermaidOf } from '../../../drawing/mermaid.ts';
import { oneLine } from '../../../drawing/text.ts';
import { describeStep } from '../../../domain/plans/describe-step.ts';
import { anyPlan, plans, statesOf } from './samples.ts';

const forms = {
  node: /^ {2,4}(?<name>step\d+)\["(?<label>(?:#\d+;|<br>|[\p{L}\p{N}\p{M} .()/-])*)"\](?::::[a-z]+)?$/u,
  joint: /^ {2,4}(?<name>joint\d+)\(\( \)\)$/,
  edge: /^ {2}(?<from>\w+) (?:-->|---) (?<to>\w+)$/,
  frame: /^ {2}subgraph past\["Past the point of no return"\]$/,
  end: /^ {2}end$/,
  style: /^ {2}classDef [a-z]+ [a-z0-9#:,. -]+$/,
};

/** Reads the few forms of lines that our drawings have; throws at any other. */
function parseMermaid(text: string) {
  const [start, title, end, kind, ...lines] = text.trimEnd().split('\n');
  expect([start, end, kind]).toEqual(['---', '---', 'flowchart TB']);
  const read = lines.map((line): Record<string, string | undefined> => {
    const [form, groups = {}] =
      Object.entries(forms)
        .map(([name, pattern]) => [name, pattern.exec(line)?.groups ?? (pattern.test(line) ? {} : undefined)] as const)
        .find(([, found]) => found) ?? [];
    if (form === undefined) throw new Error(`a line of no known form: ${line}`);
    return { form, ...(groups as Record<string, string>) };
  });
  return { title: JSON.parse(title?.replace('title: ', '') ?? '') as string, read };
}

const shown = (label = '') => label.replaceAll(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));

test.each(Object.entries(plans))('%s: nodes, edges and joints as in the graph', (_, plan) => {
  const graph = graphOf(plan);
  const { title, read } = parseMermaid(mermaidOf(graph));
  expect(title).toBe(graph.title);
  const count = (wanted: string) => read.filter(({ form }) => form === wanted).length;
  expect([count('node'), count('joint'), count('edge')]).toEqual([
    graph.steps.length,
    graph.joints.length,
    graph.edges.length,
  ]);
  expect(count('frame')).toBe(plan.pointOfNoReturn === undefined ? 0 : 1);
  expect(count('end')).toBe(count('frame'));
});

test('any title is one label, and is read as it was', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      const { read } = parseMermaid(
        mermaidOf(
          graphOf(
            plan,
            statesOf(plan, () => 'failed', plan.platform),
          ),
        ),
      );
      const labels = new Map(read.filter(({ form }) => form === 'node').map((node) => [node['name'], node['label']]));
      for (const [index, each] of plan.steps.entries()) {
        const [first, second] = labels.get(`step${index + 1}`)?.split('<br>') ?? [];
        expect(shown(first)).toBe(`✘ ${oneLine(describeStep(each))}${each.destructive ? ' ⚠' : ''}`);
        expect(shown(second)).toBe(oneLine(`failed: ${plan.platform}`));
      }
    }),
  );
});

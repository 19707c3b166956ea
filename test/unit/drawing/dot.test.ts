import fc from 'fast-check';
import { dotOf } from '../../../drawing/dot.ts';
import { graphOf } from '../../../drawing/graph.ts';
import { oneLine } from '../../../drawing/text.ts';
import { describeStep } from '../../../domain/plans/describe-step.ts';
import { anyPlan, plans, statesOf } from './samples.ts';

interface Dot {
  nodes: Map<string, Record<string, string>>;
  edges: [string, string][];
  /** Names of the nodes in `subgraph`s. */
  framed: string[];
}

/** Reads what Graphviz' grammar allows, as far as our drawings use it; throws at anything else. */
function parseDot(text: string): Dot {
  const tokens = [...text.matchAll(/"(?:[^"\\\n]|\\[^\n])*"|->|[{}[\];,=]|[\w.]+|\S/g)].map(([token]) => token);
  const dot: Dot = { nodes: new Map(), edges: [], framed: [] };
  const next = () => tokens.shift() ?? '';
  const follows = (wanted: string) => tokens[0] === wanted;
  const expectToken = (wanted: string) => {
    const found = next();
    if (found !== wanted) throw new Error(`${wanted} expected before ${[found, ...tokens.slice(0, 8)].join(' ')}`);
  };
  const id = () => {
    const found = next();
    if (!/^(?:[A-Za-z_]\w*|-?[\d.]+|".*")$/s.test(found)) throw new Error(`no name: ${found}`);
    return found.startsWith('"') ? unquoted(found) : found;
  };
  const attributes = () => {
    const found: Record<string, string> = {};
    if (!follows('[')) return found;
    next();
    while (!follows(']')) {
      const key = id();
      expectToken('=');
      found[key] = id();
      if (follows(',')) next();
    }
    next();
    return found;
  };
  const statements = (inFrame: boolean) => {
    expectToken('{');
    while (!follows('}')) {
      const name = id();
      if (name === 'subgraph') {
        id();
        statements(true);
        continue;
      }
      if (follows('->')) {
        next();
        dot.edges.push([name, id()]);
        attributes();
      } else if (follows('=')) {
        next();
        id();
      } else if (name === 'node' || name === 'edge') attributes();
      else {
        dot.nodes.set(name, attributes());
        if (inFrame) dot.framed.push(name);
      }
      expectToken(';');
    }
    next();
  };
  expectToken('digraph');
  id();
  statements(false);
  if (tokens.length > 0) throw new Error(`after the graph: ${tokens.join(' ')}`);
  return dot;
}

/** As a label is shown: Graphviz knows its own escapes and HTML's entities. */
function unquoted(token: string): string {
  const text = token.slice(1, -1).replaceAll(/\\(.)/gs, (_, sign: string) => {
    if (sign !== '"' && sign !== '\\' && sign !== 'n') throw new Error(`an escape of Graphviz: \\${sign}`);
    return sign === 'n' ? '\n' : sign;
  });
  return text.replaceAll(/&([^;&]*);?/g, (entity, name) => {
    if (name !== 'amp') throw new Error(`an entity: ${entity}`);
    return '&';
  });
}

test.each(Object.entries(plans))('%s: nodes, edges and joints as in the graph', (_, plan) => {
  const graph = graphOf(plan);
  const { nodes, edges, framed } = parseDot(dotOf(graph));
  expect(nodes.size).toBe(graph.steps.length + graph.joints.length);
  expect(edges).toHaveLength(graph.edges.length);
  for (const name of edges.flat()) expect(nodes.has(name)).toBe(true);
  const after = graph.steps.flatMap(({ side }, index) => (side === 'after' ? [`step${index + 1}`] : []));
  expect(framed.filter((name) => name.startsWith('step'))).toEqual(after);
});

test('the joint past the point of no return stands in its frame, too', () => {
  expect(parseDot(dotOf(graphOf(plans.restore))).framed).toContain('joint1');
});

test('any title is one label, and is read as it was', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      const states = statesOf(plan, () => 'failed', plan.platform);
      const { nodes } = parseDot(dotOf(graphOf(plan, states)));
      for (const [index, each] of plan.steps.entries()) {
        const mark = each.destructive ? ' ⚠' : '';
        expect(nodes.get(`step${index + 1}`)?.['label']).toBe(
          `✘ ${oneLine(describeStep(each))}${mark}\n${oneLine(`failed: ${plan.platform}`)}`,
        );
      }
    }),
  );
});

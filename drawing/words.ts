import { stepMarks, type StepState, type StepStatus } from '../domain/runs/progress.ts';
import { elapsed } from '../domain/units.ts';
import type { GraphStep, PlanGraph } from './graph.ts';
import { oneLine } from './text.ts';

const words: Record<StepStatus, string> = {
  waiting: 'waiting',
  running: 'running',
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
  undone: 'undone',
};

/** One line below a step's title: `done in 2.1 s`, `failed: …`. */
export function stateWords({ status, startedAt, finishedAt, summary }: StepState): string {
  if (status === 'done' && startedAt !== undefined && finishedAt !== undefined)
    return `done in ${elapsed(startedAt, finishedAt, 0)}`;
  if (status === 'running' && startedAt !== undefined) return `running since ${startedAt.slice(11, 19)} UTC`;
  return status === 'failed' && summary !== undefined ? `failed: ${summary}` : words[status];
}

/** What stands in a step's box where it can only be text: its number in the plan or its mark, then how it stands. */
export function labelOf({ title, destructive, state }: GraphStep, number: number): string[] {
  const first = `${state ? stepMarks[state.status] : number} ${oneLine(title)}${destructive ? ' ⚠' : ''}`;
  return state ? [first, oneLine(stateWords(state))] : [first];
}

/** What the signs of a drawing mean; only those that it has. */
export function legendOf({ steps }: PlanGraph): { sign: 'warning' | 'either'; words: string }[] {
  const moves = steps.some(({ destructive }) => destructive);
  const either = steps.some(({ side }) => side === 'either');
  return [
    ...(moves ? [{ sign: 'warning' as const, words: 'removes data from where its service looks for it' }] : []),
    ...(either ? [{ sign: 'either' as const, words: 'may run before or after the point of no return' }] : []),
  ];
}

/** The drawing for those who do not see it: every step, what it waits for, and how it stands. */
export function inWords(graph: PlanGraph): string {
  const titleOf = new Map(graph.steps.map(({ id, title }) => [id, title]));
  const before = (id: string): string[] =>
    graph.edges.flatMap(({ from, to }) => (to === id ? (titleOf.get(from) ?? before(from)) : []));
  const line = ({ id, title, state }: GraphStep) => {
    const after = before(id);
    const waits = after.length > 0 ? `, after ${after.join(' and ')}` : '';
    return `${title}${waits}${state ? ` (${stateWords(state)})` : ''}.`;
  };
  const past = graph.steps.filter(({ side }) => side === 'after');
  return [
    `${graph.subtitle}.`,
    ...graph.steps.filter(({ side }) => side !== 'after').map(line),
    ...(past.length > 0 ? ['Point of no return.', ...past.map(line)] : []),
  ].join('\n');
}

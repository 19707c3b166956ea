import { extname } from 'node:path';
import { Option } from 'commander';
import { redactWords } from '../config/redaction.ts';
import { Failure } from '../domain/failures.ts';
import type { Plan } from '../domain/plans/plan.ts';
import type { StepState } from '../domain/runs/progress.ts';
import { text, type Options } from './command.ts';
import type { Output } from './output.ts';
import { writeWhole } from './whole-file.ts';

/** Of commands with a dry run. */
export const graphOption = new Option('--graph <file>', 'with --dry-run: also draw the plan, as .svg, .dot or .mmd');

/** Writes the drawing of a plan, if there is one, with the states of its run. */
export type Draw = (plan: Plan | undefined, states?: readonly StepState[]) => Promise<void>;

/**
 * What `--graph` asks for; without it, a function that does nothing. Called before anything is done. Failure:
 * InvalidArgument for a file that is no drawing, and for a command that makes no plan to draw.
 */
export function graphAsked(options: Options, output: Pick<Output, 'note'>, dryRun?: { command: string }): Draw {
  const file = text(options['graph']);
  if (file === undefined) return () => Promise.resolve();
  if (dryRun && options['dryRun'] !== true)
    throw new Failure('InvalidArgument', {
      message: '--graph draws the plan that a dry run makes; it needs --dry-run',
      remedy: `${dryRun.command} --dry-run --graph ${file}`,
    });
  const draw = drawings[extname(file).toLowerCase()];
  if (draw === undefined)
    throw new Failure('InvalidArgument', {
      message: `--graph ${file}: the file's ending says how the plan is drawn, and must be .svg, .dot or .mmd`,
      remedy: 'Name a file that ends in .svg (a picture), .dot (for Graphviz) or .mmd (Mermaid)',
    });
  return async (plan, states) => {
    if (plan) await writeWhole('--graph', file, await draw(plan, states));
    output.note(plan ? `Plan drawn: ${file}` : `There is no plan to draw; ${file} was not written`);
  };
}

const drawings: Record<string, (plan: Plan, states?: readonly StepState[]) => Promise<string>> = {
  '.svg': async (plan, states) => (await import('../drawing/svg.ts')).svgOf(await graphOf(plan, states)),
  '.dot': async (plan, states) => (await import('../drawing/dot.ts')).dotOf(await graphOf(plan, states)),
  '.mmd': async (plan, states) => (await import('../drawing/mermaid.ts')).mermaidOf(await graphOf(plan, states)),
};

async function graphOf(plan: Plan, states?: readonly StepState[]) {
  const { graphOf } = await import('../drawing/graph.ts');
  return graphOf(plan, redactWords(states));
}

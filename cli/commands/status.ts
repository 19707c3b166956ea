import { Option } from 'commander';
import { Failure } from '../../domain/failures.ts';
import { finalPhases, waitsForPerson } from '../../domain/runs/progress.ts';
import { text, type Command } from '../command.ts';
import { exitCodes, exitCodeOfRun } from '../exit-codes.ts';
import { graphAsked } from '../graph.ts';
import { widthOf } from '../output.ts';
import { renderApproval } from '../render/approval.ts';
import { renderRun } from '../render/progress.ts';
import { renderEnd } from '../render/report.ts';

export const status: Command = {
  usage: 'status [run]',
  description: 'where a run stands; without one, how every platform stands',
  example: 'rekindle status nuvla',
  gateway: 'works',
  options: [
    new Option('--graph <file>', 'of a run: also draw its plan and how far it is, as .svg, .dot or .mmd'),
    new Option('--fleet [file]', 'all platforms in one table, or those of this fleet file'),
  ],
  async run(context, [reference], options) {
    const draw = graphAsked(options, context.output);
    const { fleet } = options;
    if (fleet !== undefined && (reference !== undefined || options['graph'] !== undefined))
      throw new Failure('InvalidArgument', {
        message: '--fleet shows all platforms in one table, and takes neither a run nor --graph',
        remedy: '"rekindle status <run>" shows one; "rekindle fleet status <name>" the restore of a fleet',
      });
    if (fleet !== undefined) return (await import('../fleet/overview-table.ts')).overviewTable(context, text(fleet));
    if (reference === undefined && options['graph'] !== undefined)
      throw new Failure('InvalidArgument', {
        message: '--graph draws the plan of one run, and no run was named',
        remedy: 'Name a run or a platform: "rekindle runs" lists the runs',
      });
    if (reference === undefined) return (await import('../overview.ts')).overview(context);
    const { environment, output } = context;
    const { withDesk } = await import('../with-desk.ts');
    return withDesk(environment, async (desk) => {
      const { id } = await desk.find(reference);
      const { progress, pending = [] } = await desk.look(id);
      if (progress === undefined) {
        await draw(undefined);
        output.document({ run: id, pending, note: 'no worker answers' });
        output.say(`no worker answers for ${id}; it goes on when one runs ("rekindle worker")`);
        return exitCodes.failed;
      }
      const waits = progress.phase === 'waiting for approval';
      const followed = waits || options['graph'] !== undefined ? await desk.plan(id) : undefined;
      await draw(followed, progress.steps);
      const plan = waits ? followed : undefined;
      output.document({ ...progress, pending, plan });
      // The plan already shows the steps that have not begun.
      if (plan) output.say(renderApproval(plan, progress, output, Date.now()));
      else output.say(renderRun(progress, pending, output, { width: widthOf(output), now: Date.now() }));
      if (!finalPhases.has(progress.phase))
        return waitsForPerson(progress) ? exitCodes.waitsForPerson : exitCodes.passed;
      output.say(renderEnd(progress, output));
      return exitCodeOfRun(progress);
    });
  },
};

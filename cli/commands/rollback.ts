import { Option } from 'commander';
import { by, byOption, type Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { graphAsked, graphOption } from '../graph.ts';
import { assertHere } from '../open-platform.ts';
import { renderPlan } from '../render/report.ts';

export const rollback: Command = {
  usage: 'rollback <run>',
  description: 'bring back the data that a restore set aside, and start what ran before it',
  example: 'rekindle rollback restore/nuvla/2026-11-21T09:30:00Z',
  gateway: 'works',
  options: [
    new Option('--dry-run', "show the plan, change nothing; on the platform's host, needs no Temporal"),
    graphOption,
    byOption,
  ],
  async run(context, [reference = ''], options) {
    const { environment, output } = context;
    const draw = graphAsked(options, output, { command: `rekindle rollback ${reference}` });
    if (options['dryRun'] !== true) {
      const { tellQuarantine } = await import('../tell-quarantine.ts');
      return tellQuarantine(context, reference, 'rollback', by(options));
    }
    assertHere(environment, '--dry-run');
    const { dependenciesOf } = await import('../../operations/open-platform.ts');
    const { previewRollback } = await import('../../operations/quarantine/preview-rollback.ts');
    const { run, plan } = await previewRollback(dependenciesOf(environment), reference);
    await draw(plan);
    output.document({ run, plan });
    output.say(`Rollback of ${run}\n${renderPlan(plan, output)}`);
    return exitCodes.passed;
  },
};

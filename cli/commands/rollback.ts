import { Option } from 'commander';
import { Failure } from '../../domain/failures.ts';
import { by, byOption, type Command, type CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { graphAsked, graphOption } from '../graph.ts';
import { assertHere } from '../open-platform.ts';
import { renderPlan } from '../render/report.ts';

/** The quarantines of all hosts belong to the plan. Failures: those of planning; TemporalUnreachable. */
async function askWorkers({ environment, output }: CommandContext, platform: string, reference: string) {
  output.wait(`${platform} lies on several hosts: their workers are asked, through Temporal`);
  const { withTemporal } = await import('../../client/connection.ts');
  const { checkNow } = await import('../../client/check-now.ts');
  const { plan, rollbackOf } = await withTemporal(environment, (client) =>
    checkNow(client, environment.taskQueue, platform, { rollback: reference }),
  );
  if (plan !== undefined && rollbackOf !== undefined) return { run: rollbackOf, plan };
  throw new Failure('RunFailed', {
    message: `The worker of ${platform} made no plan of a rollback: its version of Rekindle is older`,
    remedy: 'Run the same version on all hosts',
  });
}

export const rollback: Command = {
  usage: 'rollback <run>',
  description: 'bring back the data that a restore set aside, and start what ran before it',
  example: 'rekindle rollback restore/nuvla/2026-11-21T09:30:00Z',
  gateway: 'works',
  options: [
    new Option(
      '--dry-run',
      "show the plan, change nothing; on the platform's host without Temporal, of several hosts by asking their workers",
    ),
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
    const { onSeveralHosts, previewRollback } = await import('../../operations/quarantine/preview-rollback.ts');
    const dependencies = dependenciesOf(environment);
    const spread = await onSeveralHosts(dependencies, reference);
    const { run, plan } = spread
      ? await askWorkers(context, spread.platform.platform, reference)
      : await previewRollback(dependencies, reference);
    await draw(plan);
    output.document({ run, plan });
    output.say(`Rollback of ${run}\n${renderPlan(plan, output)}`);
    return exitCodes.passed;
  },
};

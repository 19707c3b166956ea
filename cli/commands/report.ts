import { Option } from 'commander';
import { text, type Command, type CommandContext, type CommandResult } from '../command.ts';
import { exitCodes, exitCodeOfRun } from '../exit-codes.ts';
import { assertHere } from '../open-platform.ts';
import { widthOf } from '../output.ts';
import { platformDesk } from '../with-desk.ts';
import { renderRun } from '../render/progress.ts';
import { renderChecks, renderEnd } from '../render/report.ts';

export const report: Command = {
  usage: 'report <run>',
  description: "show the report of a run that has ended; a platform's name means its newest; needs no Temporal",
  example: 'rekindle report restore/nuvla/2026-11-21T09:30:00Z',
  gateway: 'works',
  options: [
    new Option('--platform <platform>', 'whose catalogue holds it; default: found by the run'),
    new Option('--running', 'instead: the jobs that ran at the time of the backup and were queued again'),
  ],
  async run({ environment, output }, [reference = ''], options) {
    const platform = text(options['platform']);
    if (options['running'] === true) return runningJobs({ environment, output, reference, platform });
    const report = await (await platformDesk(environment)).report(reference, platform);
    output.document(report);
    output.say(renderRun(report, [], output, { width: widthOf(output), now: Date.now() }));
    output.say(`\nChecks\n${renderChecks(report.checks, output)}\n\n${renderEnd(report, output)}`);
    return exitCodeOfRun(report);
  },
};

interface Wanted extends Pick<CommandContext, 'environment' | 'output'> {
  reference: string;
  platform: string | undefined;
}

async function runningJobs({ environment, output, reference, platform }: Wanted): CommandResult {
  assertHere(environment, '--running');
  const { findReport } = await import('../../operations/runs/find-report.ts');
  const { dependenciesOf } = await import('../../operations/open-platform.ts');
  const { readRunningJobs } = await import('../../operations/queue/running-jobs.ts');
  const { open, run } = await findReport(dependenciesOf(environment), reference, platform);
  const lists = await readRunningJobs(open, run);
  output.document({ run, running: lists });
  if (lists.length === 0) output.say(`${run} queued no job again that had run`);
  for (const { store, jobs } of lists)
    output.say(`Jobs of ${store} that had run, with their priority:\n${jobs.trimEnd()}`);
  return exitCodes.passed;
}

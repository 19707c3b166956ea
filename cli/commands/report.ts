import { Option } from 'commander';
import { Failure } from '../../domain/failures.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import type { Command } from '../command.ts';
import { exitCodes, exitCodeOfRun } from '../exit-codes.ts';
import { openPlatform } from '../open-platform.ts';
import { widthOf } from '../output.ts';
import { renderRun } from '../render/progress.ts';
import { renderChecks, renderEnd } from '../render/report.ts';

export const report: Command = {
  usage: 'report <platform> <run>',
  description: "a run's report from the catalogue; needs no Temporal",
  example: 'rekindle report nuvla restore/nuvla/2026-11-21T09:30:00Z',
  options: [new Option('--running', 'instead: the jobs that ran at the time of the backup and were queued again')],
  async run({ environment, output }, [platform = '', run = ''], options) {
    const open = await openPlatform(environment, platform);
    if (options['running'] === true) {
      const { readRunningJobs } = await import('../../operations/queue/running-jobs.ts');
      const lists = await readRunningJobs(open, run);
      output.document({ run, running: lists });
      if (lists.length === 0) output.say(`${run} queued no job again that had run`);
      for (const { store, jobs } of lists)
        output.say(`Jobs of ${store} that had run, with their priority:\n${jobs.trimEnd()}`);
      return exitCodes.passed;
    }
    const progress = (await open.catalogue.readReport(run)) as RunProgress | undefined;
    if (progress === undefined)
      throw new Failure('RunNotFound', {
        message: `the catalogue of ${platform} holds no report of a run "${run}"`,
        remedy: 'a report is written when a run ends; "rekindle runs" lists the runs and their ids',
      });
    output.document(progress);
    output.say(renderRun(progress, [], output, { width: widthOf(output), now: Date.now() }));
    output.say(`\nChecks\n${renderChecks(progress.checks, output)}\n\n${renderEnd(progress, output)}`);
    return exitCodeOfRun(progress);
  },
};

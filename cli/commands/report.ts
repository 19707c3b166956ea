import { Argument, Option } from 'commander';
import { Failure } from '../../domain/failures.ts';
import { text, type Command, type CommandContext, type CommandResult, type Options } from '../command.ts';
import { exitCodes, exitCodeOfRun } from '../exit-codes.ts';
import { assertHere, openPlatform } from '../open-platform.ts';
import { widthOf } from '../output.ts';
import { platformDesk } from '../with-desk.ts';
import { renderRun } from '../render/progress.ts';
import { renderChecks, renderEnd } from '../render/report.ts';
import { writeBundle } from '../reports/bundle.ts';
import { reportFile } from '../reports/files.ts';
import { periodOf } from '../reports/period.ts';

export const report: Command = {
  usage: 'report <run>',
  description:
    "show the report of a run that has ended (a platform's name means its newest), verify the chain of reports, or export them; needs no Temporal",
  example: 'rekindle report restore/nuvla/2026-11-21T09:30:00Z --out report.html',
  gateway: 'works',
  arguments: [new Argument('[platform]', 'after "verify" or "export" in place of a run: whose reports')],
  options: [
    new Option('--platform <platform>', 'whose catalogue holds it; default: found by the run'),
    new Option('--out <file>', 'also write it to this file: .html, .md or .json; export: the folder to write to'),
    new Option('--from <time>', 'export: the beginning, a day or a time in UTC; default: a year ago'),
    new Option('--to <time>', 'export: the end, not included; default: now'),
    new Option('--running', 'instead: the jobs that ran at the time of the backup and were queued again'),
  ],
  async run(context, [reference = '', platform], options) {
    if (platform !== undefined || reference === 'verify' || reference === 'export')
      return ofPlatform(context, reference, platform, options);
    refuse(options, ['from', 'to'], 'report <run>');
    if (options['running'] === true) return runningJobs(context, reference, text(options['platform']));
    return show(context, reference, options);
  },
};

async function show({ environment, output }: CommandContext, reference: string, options: Options): CommandResult {
  const file = text(options['out']);
  const writeTo = file === undefined ? undefined : reportFile(file);
  const found = await (await platformDesk(environment)).report(reference, text(options['platform']));
  await writeTo?.(found);
  output.document(found);
  output.say(renderRun(found, [], output, { width: widthOf(output), now: Date.now() }));
  output.say(`\nChecks\n${renderChecks(found.checks, output)}\n\n${renderEnd(found, output)}`);
  if (file !== undefined) output.note(`Report written: ${file}`);
  return exitCodeOfRun(found);
}

async function ofPlatform(
  context: CommandContext,
  action: string,
  platform: string | undefined,
  options: Options,
): CommandResult {
  if (platform === undefined || (action !== 'verify' && action !== 'export'))
    throw new Failure('InvalidArgument', {
      message:
        platform === undefined
          ? `"report ${action}" needs the name of a platform`
          : `"report ${action} ${platform}": before a platform, only "verify" and "export" are known`,
      remedy: 'Write "rekindle report verify <platform>" or "rekindle report export <platform> --out <folder>"',
    });
  assertHere(context.environment, `report ${action}`);
  refuse(options, action === 'verify' ? ['out', 'from', 'to', 'running', 'platform'] : ['running', 'platform'], action);
  return action === 'verify' ? verify(context, platform) : exportPeriod(context, platform, options);
}

async function verify({ environment, output }: CommandContext, platform: string): CommandResult {
  const { readChain } = await import('../../operations/runs/chain-report.ts');
  const { catalogue } = await openPlatform(environment, platform);
  const { verdict } = await readChain(catalogue, await catalogue.listOutcomes());
  const { reports, faults, unchained, heads } = verdict;
  const whole = faults.length === 0;
  output.document({ platform, verdict: whole ? 'pass' : 'fail', ...verdict });
  const count = `${reports} ${reports === 1 ? 'report' : 'reports'} of ${platform}`;
  const older = unchained === 0 ? [] : [`${unchained} older ones were written before there was a chain`];
  output.say(
    [
      whole ? `${count}: none changed, none removed before the newest` : `${count} do not fit their chain:`,
      ...faults.map((fault) => `  ${fault}`),
      ...older,
      ...(heads.length === 0 ? [] : [`Newest link, to be noted elsewhere: ${heads.join(', ')}`]),
    ].join('\n'),
  );
  return whole ? exitCodes.passed : exitCodes.failed;
}

async function exportPeriod(
  { environment, output }: CommandContext,
  platform: string,
  options: Options,
): CommandResult {
  const folder = text(options['out']);
  if (folder === undefined)
    throw new Failure('InvalidArgument', { message: '--out is missing', remedy: 'Name a new folder with --out' });
  const { from, to } = periodOf(text(options['from']), text(options['to']), Date.now());
  const { readPeriod } = await import('../../operations/runs/period-reports.ts');
  const { summary, ...bundled } = await readPeriod(await openPlatform(environment, platform), from, to);
  await writeBundle(folder, summary, bundled);
  output.document({ folder, ...summary });
  output.say(`${bundled.reports.length} reports of ${platform}, ${from} to ${to}: ${folder}/summary.html`);
  return summary.chain.faults.length === 0 ? exitCodes.passed : exitCodes.failed;
}

/** Failure: InvalidArgument. */
function refuse(options: Options, names: readonly string[], action: string): void {
  const stray = names.find((name) => options[name] !== undefined && options[name] !== false);
  if (stray === undefined) return;
  throw new Failure('InvalidArgument', {
    message: `--${stray} cannot be used with "${action}"`,
    remedy: '"rekindle report --help" says which option goes with what',
  });
}

async function runningJobs(
  { environment, output }: CommandContext,
  reference: string,
  platform: string | undefined,
): CommandResult {
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

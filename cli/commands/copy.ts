import { Option } from 'commander';
import { existingTreatments, type ExistingTreatment } from '../../domain/copies/wishes.ts';
import { Failure } from '../../domain/failures.ts';
import { overallVerdict } from '../../domain/checks.ts';
import type { CopyInput } from '../../domain/runs/run.ts';
import { by, byOption, text, type Command, type CommandContext, type CommandResult } from '../command.ts';
import { openPlatform } from '../open-platform.ts';
import { sayPreview } from '../say-preview.ts';

/** A list of words: the option may be given several times, or hold several words between commas. */
export const words = (value: string, before: string[] | undefined) => [
  ...(before ?? []),
  ...value.split(',').map((word) => word.trim()),
];

export const copy: Command = {
  usage: 'copy [from] [to]',
  description: 'copy indices from a recovery point of one platform into the living Elasticsearch of another',
  example: "rekindle copy production staging --indices 'nuvla-*' --existing swap --dry-run",
  options: [
    new Option('--indices <patterns>', 'which: names and patterns, a leading - excludes; default: all').argParser(
      words,
    ),
    new Option('--rename <rules>', "new names: 'nuvla-*=staging-*'").argParser(words),
    new Option('--existing <treatment>', 'what becomes of an index that is there already').choices([
      ...existingTreatments,
    ]),
    new Option('--no-aliases', 'aliases do not come along'),
    new Option('--setting <settings>', 'index settings with another value: index.number_of_replicas=0').argParser(
      words,
    ),
    new Option('--ignore-setting <names>', 'index settings that do not come along').argParser(words),
    new Option('--point <point>', '"latest", "proven" or an id of "rekindle points"').conflicts([
      'before',
      'newBackup',
    ]),
    new Option('--before <time>', 'the newest recovery point before this time (ISO 8601, UTC)').conflicts('newBackup'),
    new Option('--new-backup', 'back the source up first, and copy that'),
    new Option('--from-store <store>', 'which Elasticsearch of the source'),
    new Option('--store <store>', 'which Elasticsearch of the destination'),
    new Option('--from-config <file>', 'in place of platforms: make platform files of an es-s3-snapshot.conf'),
    new Option('--dry-run', 'show plan and checks, change nothing; needs no Temporal'),
    new Option('--yes', 'approve the plan in advance; recorded as your approval'),
    byOption,
  ],
  async run(context, [from = '', to = ''], options) {
    const file = text(options['fromConfig']);
    if (file !== undefined) return (await import('../copy-from-config.ts')).copyFromConfig(context, file);
    if (from === '' || to === '') throw nothingNamed();
    const input: CopyInput = {
      platform: to,
      from,
      indices: options['indices'] as string[] | undefined,
      rename: options['rename'] as string[] | undefined,
      existing: text(options['existing']) as ExistingTreatment | undefined,
      ...(options['aliases'] === false && { aliases: false }),
      settings: settingsOf(options['setting'] as string[] | undefined),
      ignoreSettings: options['ignoreSetting'] as string[] | undefined,
      point: text(options['point']),
      before: text(options['before']),
      ...(options['newBackup'] === true && { newBackup: true }),
      fromStore: text(options['fromStore']),
      store: text(options['store']),
      approvedBy: options['yes'] === true ? by(options) : undefined,
    };
    return copyNow(context, input, { dryRun: options['dryRun'] === true, by: by(options) });
  },
};

/** Shows what a copy would do, or starts it and follows it to its end. */
export async function copyNow(
  context: CommandContext,
  input: CopyInput,
  { dryRun, by }: { dryRun: boolean; by: string },
): CommandResult {
  if (dryRun) return preview(context, input);
  // Faults of the platform files are the caller's, and are said before anything is started.
  for (const platform of new Set([input.from, input.platform])) await openPlatform(context.environment, platform);
  const { startAsking } = await import('../restore-now.ts');
  return startAsking(context, 'copy', input, by);
}

function nothingNamed(): Failure {
  return new Failure('InvalidArgument', {
    message: 'A copy needs two platforms: where from, and where to',
    remedy: 'rekindle copy <from> <to>; the same twice brings indices back into a living platform',
  });
}

function settingsOf(given: string[] | undefined): Record<string, string> | undefined {
  if (given === undefined) return undefined;
  return Object.fromEntries(
    given.map((word) => {
      const at = word.indexOf('=');
      if (at > 0) return [word.slice(0, at), word.slice(at + 1)];
      throw new Failure('InvalidArgument', {
        message: `"${word}" is not a setting with its value`,
        remedy: 'Write --setting index.number_of_replicas=0',
      });
    }),
  );
}

/** The plan and what speaks against it, made now and without a run; nothing is changed. */
async function preview({ environment, output }: CommandContext, input: CopyInput): CommandResult {
  const { assessCopy } = await import('../../operations/copies/assess-copy.ts');
  const source = await openPlatform(environment, input.from);
  const destination = await openPlatform(environment, input.platform);
  const { plan, checks } = await assessCopy({ source, destination }, input);
  return sayPreview(output, { plan, checks, verdict: overallVerdict(checks) });
}

import { Option } from 'commander';
import { Failure } from '../../domain/failures.ts';
import { by, byOption, text, type Command, type CommandContext, type CommandResult } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { assertHere, openPlatform } from '../open-platform.ts';
import { platformDesk } from '../with-desk.ts';

export const accept: Command = {
  usage: 'accept <platform> [point]',
  description: 'accept a suspect recovery point, or a cluster that is to write backups; needs no Temporal',
  example: 'rekindle accept nuvla 2026-11-21t0930z --reason "the old jobs were deleted on purpose"',
  gateway: 'works',
  options: [
    new Option('--reason <text>', 'why it is as it should be; the catalogue keeps it').makeOptionMandatory(),
    new Option('--cluster <uuid>', 'the cluster that writes to the repository from now on, in place of a point'),
    byOption,
  ],
  async run(context, [platform = '', point], options) {
    const cluster = text(options['cluster']);
    const word = { by: by(options), reason: text(options['reason']) ?? '' };
    if (point !== undefined && cluster === undefined) return acceptOne(context, platform, point, word);
    if (point === undefined && cluster !== undefined) return acceptCluster(context, platform, cluster, word);
    throw new Failure('InvalidArgument', {
      message: 'One of a recovery point and --cluster is wanted',
      remedy: `Name a suspect recovery point of "rekindle points ${platform}", or give --cluster alone`,
    });
  },
};

type Word = { by: string; reason: string };

async function acceptOne(
  { environment, output }: CommandContext,
  platform: string,
  point: string,
  word: Word,
): CommandResult {
  const { answer, ...accepted } = await (await platformDesk(environment)).accept(platform, point, word);
  output.document(accepted);
  output.say(answer);
  return exitCodes.passed;
}

async function acceptCluster(
  { environment, output }: CommandContext,
  platform: string,
  cluster: string,
  word: Word,
): CommandResult {
  assertHere(environment, '--cluster');
  const { catalogue } = await openPlatform(environment, platform);
  const { acceptWriter } = await import('../../operations/repository/writers.ts');
  await acceptWriter(catalogue, cluster, word);
  output.document({ platform, cluster, ...word, changed: true });
  output.say(`the cluster ${cluster} may write the backups of ${platform} from now on, by the word of ${word.by}`);
  return exitCodes.passed;
}

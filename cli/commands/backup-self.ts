import { Option } from 'commander';
import type { Environment } from '../../config/environment.ts';
import { Failure } from '../../domain/failures.ts';
import type { TemporalSeen } from '../../operations/orchestrators/backup-self.ts';
import { text, type Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

export const backupSelf: Command = {
  usage: 'backup-self',
  description:
    'write what this Rekindle consists of into one file: platform files, settings, digests of tokens, open runs',
  example: 'rekindle backup-self -o rekindle.tgz',
  options: [
    new Option(
      '-o, --output <file>',
      'the archive; a file that is there already is never replaced',
    ).makeOptionMandatory(),
  ],
  async run({ environment, output }, _, options) {
    const { backUpSelf } = await import('../../operations/orchestrators/backup-self.ts');
    const { readVersion } = await import('../../config/version.ts');
    const temporal = await seeTemporal(environment);
    const file = text(options['output']) ?? '';
    const { header, files, unopened } = await backUpSelf(environment, { file, version: await readVersion(), temporal });
    output.document({ ...header, files, unopened, ...('unseen' in temporal && { temporal: temporal.unseen }) });
    output.say(`Written, read back and verified: ${files.join(', ')}, with ${header.platforms.length} platforms`);
    if ('unseen' in temporal) output.note(`Without the open runs: ${temporal.unseen}`);
    for (const why of unopened) output.note(`Its catalogue could not be named: ${why}`);
    output.say('No key and no secret is in it: keep those elsewhere');
    return exitCodes.passed;
  },
};

/** Open runs, and the schedules of all platforms; that Temporal is away keeps nobody from the rest. */
async function seeTemporal(environment: Environment): Promise<TemporalSeen> {
  const [{ withTemporal }, { listRuns }, { readSchedules }, { listPlatforms }] = await Promise.all([
    import('../../client/connection.ts'),
    import('../../client/runs.ts'),
    import('../../client/schedules/temporal-schedules.ts'),
    import('../../config/platform-file.ts'),
  ]);
  const platforms = await listPlatforms(environment.platformsFolder);
  try {
    return await withTemporal(environment, async (client) => {
      const schedules: unknown[] = [];
      for (const platform of platforms)
        for (const { id, paused, note } of await readSchedules(client, platform)) schedules.push({ id, paused, note });
      return { runs: await listRuns(client, { open: true }), schedules };
    });
  } catch (error) {
    if (error instanceof Failure) return { unseen: error.message };
    throw error;
  }
}

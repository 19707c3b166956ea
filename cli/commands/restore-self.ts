import { Option } from 'commander';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

export const restoreSelf: Command = {
  usage: 'restore-self <file>',
  description: 'put the files of a Rekindle that is lost where this one looks for them; needs no Temporal',
  example: 'rekindle restore-self rekindle.tgz',
  options: [new Option('--check', 'verify the archive, write nothing')],
  async run({ environment, output }, [file = ''], options) {
    const { restoreSelf: restore } = await import('../../operations/orchestrators/restore-self.ts');
    const restored = await restore(environment, file, { check: options['check'] === true });
    const { header, temporal, written, same = [] } = restored;
    output.document(restored);
    output.say(`${file}: Rekindle on ${header.host} as it was at ${header.madeAt}; verified`);
    const open = namesIn(temporal, 'runs');
    if (open.length > 0) output.note(`Runs that were open then: ${open.join(', ')}`);
    const paused = namesIn(temporal, 'schedules', ({ paused: is }) => is === true);
    if (paused.length > 0) output.note(`Schedules that were paused then: ${paused.join(', ')}`);
    if (written === undefined) return exitCodes.passed;
    for (const path of written) output.say(`Written: ${path}`);
    if (same.length > 0) output.say(`There already, and the same: ${same.length} files`);
    if (header.recipient !== undefined)
      output.note(`Put the key file with the public key ${header.recipient} at ${environment.keyFile}`);
    for (const platform of header.platforms) {
      output.note(`Next: rekindle orchestrator ${platform} take && rekindle schedule ${platform} apply`);
    }
    if (header.orchestrator !== undefined && header.orchestrator === environment.orchestrator)
      output.note(
        `REKINDLE_ORCHESTRATOR is that of the lost one, ${header.orchestrator}: choose another name while it may still live`,
      );
    return exitCodes.passed;
  },
};

type Named = Record<string, unknown>;

/** Ids of what Temporal knew, from a file that somebody may have written. */
function namesIn(
  temporal: unknown,
  key: 'runs' | 'schedules',
  wanted: (each: Named) => boolean = () => true,
): string[] {
  const found = (temporal as Named | undefined)?.[key];
  if (!Array.isArray(found)) return [];
  const named = found.filter(
    (each): each is Named => typeof each === 'object' && each !== null && wanted(each as Named),
  );
  return named.flatMap(({ id }) => (typeof id === 'string' && /^[\x21-\x7e]{1,300}$/.test(id) ? [id] : []));
}

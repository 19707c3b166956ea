import type { Command } from '../command.ts';

export const watch: Command = {
  usage: 'watch <run>',
  description: 'follow a run to its end',
  example: 'rekindle watch nuvla',
  async run({ environment, output }, [reference = '']) {
    const { withTemporal } = await import('../../client/connection.ts');
    const { findRun } = await import('../../client/find-run.ts');
    const { followToEnd } = await import('../follow.ts');
    return withTemporal(environment, async (client) =>
      followToEnd(
        client,
        (await findRun(client, reference)).handle,
        output,
        output.json ? { onChange: (progress) => output.document(progress) } : {},
      ),
    );
  },
};

import type { RunProgress } from '../../domain/runs/progress.ts';
import type { Command } from '../command.ts';

export const watch: Command = {
  usage: 'watch <run>',
  description: 'follow a run to its end',
  example: 'rekindle watch nuvla',
  gateway: 'works',
  async run({ environment, output }, [reference = '']) {
    const { followToEnd } = await import('../follow.ts');
    const { withDesk } = await import('../with-desk.ts');
    const onChange = output.json ? { onChange: (progress: RunProgress) => output.document(progress) } : {};
    return withDesk(environment, async (desk) => followToEnd(desk, (await desk.find(reference)).id, output, onChange));
  },
};

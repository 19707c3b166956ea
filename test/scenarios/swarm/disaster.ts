import { eventually } from '../../../stack/engine.ts';
import type { SwarmEngine } from '../../swarm-engine.ts';
import { networks } from './stack-files.ts';

/** The volumes of all stacks. */
export async function namesOfVolumes({ cli }: SwarmEngine): Promise<string[]> {
  const text = await cli(['volume', 'ls', '--quiet', '--filter', 'label=com.docker.stack.namespace']);
  return text.trim().split('\n');
}

/** Services, volumes and networks of all stacks are gone, and the config. */
export async function destroy(swarm: SwarmEngine): Promise<void> {
  const volumes = await namesOfVolumes(swarm);
  for (const stack of ['nuvla', 'streams', 'db']) await swarm.cli(['stack', 'rm', stack]);
  await eventually('no task is left', 60, async () => {
    const containers = await swarm.docker.listContainers({ all: true });
    const tasks = containers.filter(({ Labels }) => Labels['com.docker.swarm.service.name'] !== undefined);
    if (tasks.length > 0) throw new Error(`${tasks.length} are left`);
  });
  for (const volume of volumes) await swarm.cli(['volume', 'rm', volume]);
  for (const network of networks) await swarm.cli(['network', 'rm', network]);
  await swarm.cli(['config', 'rm', 'api-settings']);
}

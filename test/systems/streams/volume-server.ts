import { randomUUID } from 'node:crypto';
import Docker from 'dockerode';
import { stoppableContainer, type StoppableContainer } from '../../../systems/docker/exchange/stoppable-container.ts';
import { exec } from '../../../systems/docker/exec.ts';

export interface VolumeServer {
  name: string;
  container: StoppableContainer;
  /** Standard output of a command; it throws when that fails. */
  run: (command: string[], environment?: Record<string, string>) => Promise<string>;
  remove: () => Promise<void>;
}

/** A server of a test's own, with a volume of its own at `folder`. */
export async function startVolumeServer(
  image: string,
  {
    folder,
    command = [],
    environment = {},
    name = `rkt-${randomUUID().slice(0, 8)}`,
    network,
  }: { folder: string; command?: string[]; environment?: Record<string, string>; name?: string; network?: string },
): Promise<VolumeServer> {
  const docker = new Docker();
  const container = await docker.createContainer({
    name,
    Image: image,
    ...(command.length > 0 && { Cmd: command }),
    Env: Object.entries(environment).map(([key, value]) => `${key}=${value}`),
    Labels: { 'rekindle.test': 'systems' },
    HostConfig: { Binds: [`${name}:${folder}`], ...(network !== undefined && { NetworkMode: network }) },
  });
  const remove = async () => {
    await container.remove({ force: true, v: true });
    await docker.getVolume(name).remove({ force: true });
  };
  try {
    await container.start();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    name,
    container: stoppableContainer(docker, name, { platform: 'rkt-platform', stopGraceSeconds: 60 }),
    async run(words, given = {}) {
      const assignments = Object.entries(given).map(([key, value]) => `${key}=${value}`);
      const { exitCode, stdout, stderr } = await exec(docker, name, ['env', ...assignments, ...words]);
      if (exitCode === 0) return stdout;
      throw new Error(`${words.join(' ')} ended with ${exitCode}: ${stderr}`);
    },
    remove,
  };
}

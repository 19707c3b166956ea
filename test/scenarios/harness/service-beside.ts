import Docker from 'dockerode';
import type { DemoPlatform } from '../../../stack/demo-platform.ts';
import { engine, gone } from '../../../stack/engine.ts';
import { execIn } from '../../../stack/exec-in.ts';

/** A service next to those of the demo platform, as its Compose tool would have made it. */
export interface ServiceBeside {
  /** Standard output of a command in its container; it throws when that fails. */
  run(command: string[], input?: string): Promise<string>;
  /** Container and volume go. */
  lose(): Promise<void>;
}

interface ServiceBody {
  service: string;
  image: string;
  environment?: Record<string, string>;
  command?: string[];
  /** Where its volume is mounted. */
  folder: string;
}

/** Starts it in the platform's network, with a volume of its own, and does not wait for it. */
export async function serviceBeside(
  { project, network }: Pick<DemoPlatform, 'project' | 'network'>,
  { service, image, environment = {}, command, folder }: ServiceBody,
): Promise<ServiceBeside> {
  const name = `${project}_${service}_1`;
  const volume = `${project}_${service}-data`;
  const labels = { 'com.docker.compose.project': project };
  await engine().createVolume({ Name: volume, Labels: { ...labels, 'com.docker.compose.volume': `${service}-data` } });
  const container = await engine().createContainer({
    name,
    Image: image,
    ...(command && { Cmd: command }),
    Env: Object.entries(environment).map(([key, value]) => `${key}=${value}`),
    Labels: {
      ...labels,
      'com.docker.compose.service': service,
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
    },
    HostConfig: { NetworkMode: network, RestartPolicy: { Name: 'on-failure' }, Binds: [`${volume}:${folder}`] },
    NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [service] } } },
  });
  await container.start();
  return {
    async run(words, input) {
      // By its name: a restore makes it anew.
      const { exitCode, stdout, stderr } = await execIn(new Docker().getContainer(name), words, input);
      if (exitCode !== 0) throw new Error(`${words[0]} in ${name}: ${stderr}${stdout}`);
      return stdout.trim();
    },
    async lose() {
      await gone(engine().getContainer(name).remove({ force: true, v: true }));
      await gone(engine().getVolume(volume).remove());
    },
  };
}

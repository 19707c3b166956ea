import type { CapturedContainer, CapturedFile, ObservedContainer } from '../../domain/deployment.ts';
import { isNode } from '../hosts/observe-here.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { captureNow } from './capture-now.ts';

export type ConfiguredContainer = Pick<CapturedContainer, 'name' | 'service' | 'create'>;

/**
 * How containers that are there are configured now, with the files that they mount. A node of a swarm that is no manager
 * knows no service: there it is what the container of a task runs with, and a service without one is left out.
 */
export async function configuredNow(
  open: OpenPlatform,
  present: readonly Pick<ObservedContainer, 'name' | 'service'>[],
): Promise<{ containers: ConfiguredContainer[]; files: CapturedFile[] }> {
  if (present.length === 0) return { containers: [], files: [] };
  if (!isNode(open)) {
    const names = new Set(present.map(({ name }) => name));
    const { containers, files } = await captureNow(open);
    return { containers: containers.filter(({ name }) => names.has(name)), files };
  }
  const found = await Promise.all(
    present.map(async ({ name, service }) => {
      const configuration = await open.docker.readConfiguration(name);
      if (configuration === undefined) return undefined;
      const Env = Object.entries(configuration.environment).map(([variable, value]) => `${variable}=${value}`);
      return { name, service, create: { Env, Cmd: configuration.words } };
    }),
  );
  return { containers: found.filter((one) => one !== undefined), files: [] };
}

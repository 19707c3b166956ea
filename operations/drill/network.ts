import { passed, warned, type Check } from '../../domain/checks.ts';
import { isSealed } from '../../domain/drills/scene.ts';
import { listed } from '../../domain/listed.ts';
import type { OpenPlatform } from '../open-platform.ts';

/**
 * What the copies could reach: nothing in a sealed scene. In another one the host has an address, at which all answers that listens on
 * all of its addresses; of that, what containers publish is known.
 */
export async function checkDrillNetwork({
  platform,
  docker,
}: Pick<OpenPlatform, 'platform' | 'docker'>): Promise<Check> {
  const name = 'drill network';
  if (isSealed(platform))
    return passed(name, 'Nothing in the drill reaches the host, or beyond it more than its repository');
  const ports = (await docker.publishedPorts()).map(({ of, port }) => `${of} at port ${port}`);
  const published = ports.length === 0 ? '' : `: ${listed(ports)}`;
  return warned(
    name,
    `Nothing in the drill reaches beyond the host, but whatever listens on all addresses of the host itself${published}`,
    'Publish on 127.0.0.1 what a copy of the platform must not call, or name no service in drill.core that calls it',
  );
}

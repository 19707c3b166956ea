import type { DeploymentCapture } from '../../domain/deployment.ts';
import { dataInScene, type Scene } from '../../domain/drills/scene.ts';
import type { Platform } from '../../domain/platform.ts';
import type { OpenPlatform } from '../open-platform.ts';

/** Names of the Swarm secrets that services in the scene mount, as far as the platform file says where their values are. */
export function secretsInScene(
  { containers }: Pick<DeploymentCapture, 'containers'>,
  { platform, scene }: { platform: Platform; scene: Pick<Scene, 'core'> },
): string[] {
  const { deployment } = platform;
  if (deployment.kind !== 'swarm') return [];
  const services = new Set([...dataInScene(platform), ...scene.core]);
  const needed = containers.flatMap(({ service, needs }) => (services.has(service) ? (needs?.secrets ?? []) : []));
  return [...new Set(needed)].filter((name) => deployment.secrets[name] !== undefined).toSorted();
}

/** Their values, as this host has them. Failure: MissingSecret. */
export async function secretsOf(
  { platform: { deployment }, secret }: Pick<OpenPlatform, 'platform' | 'secret'>,
  names: readonly string[],
): Promise<Record<string, string>> {
  if (deployment.kind !== 'swarm') return {};
  const values = names.map(async (name) => {
    const reference = deployment.secrets[name];
    return reference === undefined ? [] : [[name, await secret(reference, `deployment.secrets.${name}`)] as const];
  });
  return Object.fromEntries((await Promise.all(values)).flat());
}

import { compose, type DemoPlatform } from './demo-platform.ts';
import { containersOf, engine, nameOf } from './engine.ts';

/**
 * Runs `up -d` on a platform that should be up; answers the names of the containers that the Compose tool made, made
 * again, started or removed. Empty: it found everything up to date.
 */
export async function upAgain(platform: DemoPlatform): Promise<string[]> {
  const before = await startsByName(platform.project);
  const { exitCode, stderr } = await compose(platform, ['up', '-d']);
  if (exitCode !== 0) throw new Error(`up -d ended with ${exitCode}:\n${stderr}`);
  const after = await startsByName(platform.project);
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
}

/** Which container bears each name, and when it was started. */
async function startsByName(project: string): Promise<Map<string, string>> {
  const containers = await containersOf(project);
  const entries = containers.map(async (container): Promise<[string, string]> => {
    const { State } = await engine().getContainer(container.Id).inspect();
    return [nameOf(container), `${container.Id} ${State.StartedAt}`];
  });
  return new Map(await Promise.all(entries));
}

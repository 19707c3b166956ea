import type Docker from 'dockerode';
import { readText } from './container-text.ts';
import { ifThere } from './failures.ts';

/** What a container's program is configured with; it may hold secrets. */
export interface Configuration {
  environment: Record<string, string>;
  /** The words of its command line, as the engine starts it. */
  words: string[];
  /** The text of a file in it, running or not; `undefined`: it is not there. */
  file: (path: string) => Promise<string | undefined>;
}

/** `undefined`: there is no such container. */
export async function readConfiguration(docker: Docker, name: string): Promise<Configuration | undefined> {
  const found = await ifThere(docker.getContainer(name).inspect());
  if (found === undefined) return undefined;
  const variables = (found.Config.Env as string[] | null) ?? [];
  return {
    environment: Object.fromEntries(
      variables.map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]),
    ),
    words: [found.Path, ...found.Args],
    file: (path) => readText(docker, name, path),
  };
}

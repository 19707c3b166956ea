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

/** The engine's lines, `NAME=value`, by name; it sends null for none. */
export function variablesOf(lines: readonly string[] | null | undefined): Record<string, string> {
  return Object.fromEntries((lines ?? []).map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]));
}

/** `undefined`: there is no such container. */
export async function readConfiguration(docker: Docker, name: string): Promise<Configuration | undefined> {
  const found = await ifThere(docker.getContainer(name).inspect());
  if (found === undefined) return undefined;
  return {
    environment: variablesOf(found.Config.Env),
    words: [found.Path, ...found.Args],
    file: (path) => readText(docker, name, path),
  };
}

import type { StorePaths } from '../../domain/mounts.ts';
import type { Client } from './client.ts';
import { attempt } from './errors.ts';

interface PathSettings {
  home?: string;
  data?: string | string[];
  repo?: string | string[];
  logs?: string;
}

/** Where the living nodes keep what: of all of them together. */
export async function nodePaths(client: Client): Promise<StorePaths> {
  const answer = (await attempt('read where the nodes keep their data', () =>
    client.nodes.info({ metric: 'settings', filter_path: 'nodes.*.settings.path' }),
  )) as {
    nodes?: Record<string, { settings?: { path?: PathSettings } }>;
  };
  const nodes = Object.values(answer.nodes ?? {}).map(({ settings }) => settings?.path ?? {});
  const every = (values: (node: PathSettings) => string[]) => [...new Set(nodes.flatMap(values))].toSorted();
  const home = nodes.find((node) => node.home !== undefined)?.home;
  return {
    // What is not set lies below the program.
    data: every((node) => listOf(node.data ?? (node.home === undefined ? [] : `${node.home}/data`))),
    repositories: every((node) => listOf(node.repo ?? [])),
    logs: every((node) => listOf(node.logs ?? [])),
    ...(home !== undefined && { home }),
    source: 'server',
  };
}

const listOf = (value: string | string[]) => [value].flat().map((path) => path.replace(/(.)\/+$/, '$1'));

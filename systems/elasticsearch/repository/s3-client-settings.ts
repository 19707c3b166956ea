import type { Client } from '@elastic/elasticsearch';
import { parse } from 'yaml';
import { attempt } from '../errors.ts';

/** What a node's `s3.client.<name>.*` settings say about the server, without secrets; as Elasticsearch writes them. */
export interface S3ClientSettings {
  endpoint?: string;
  protocol?: string;
  region?: string;
}

const keys = ['endpoint', 'protocol', 'region'] as const;

/** The settings of a living node; every node must have the same. Failure: ElasticsearchUnreachable. */
export async function readS3ClientSettings(client: Client, name: string): Promise<S3ClientSettings> {
  const { nodes } = await attempt('reading the settings of the nodes', () =>
    client.nodes.info({ metric: 'settings', flat_settings: true, filter_path: 'nodes.*.settings' }),
  );
  const [node] = Object.values(nodes as Record<string, { settings?: Record<string, unknown> }>);
  return pick(name, (key) => node?.settings?.[key]);
}

/**
 * The settings that a container gives its node: arguments before environment before `elasticsearch.yml`, as Elasticsearch
 * and its images take them.
 */
export function s3ClientSettingsOf(
  name: string,
  container: { arguments: string[]; environment: string[]; configuration?: string },
): S3ClientSettings {
  const given = new Map(container.environment.map(pair));
  const asked = new Map(
    container.arguments.flatMap((argument, index, all) => {
      const setting = argument === '-E' ? all[index + 1] : argument.startsWith('-E') ? argument.slice(2) : undefined;
      return setting === undefined ? [] : [pair(setting)];
    }),
  );
  const file = flattened(parse(container.configuration ?? '') as unknown);
  return pick(name, (key) => asked.get(key) ?? given.get(key) ?? given.get(inCapitals(key)) ?? file.get(key));
}

function pick(name: string, value: (key: string) => unknown): S3ClientSettings {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const found = value(`s3.client.${name}.${key}`);
      return typeof found === 'string' && found !== '' ? [[key, found]] : [];
    }),
  );
}

/** How the official images take a setting from a variable's name: `_` for `.`, `__` for `_`. */
const inCapitals = (key: string) => `ES_SETTING_${key.replaceAll('_', '__').replaceAll('.', '_').toUpperCase()}`;

function pair(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** A YAML mapping of any depth, by dotted keys. */
function flattened(value: unknown, prefix = ''): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map([[prefix, value]]);
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [...flattened(inner, prefix === '' ? key : `${prefix}.${key}`)]),
  );
}

import type { Client } from '@elastic/elasticsearch';
import { attempt } from '../errors.ts';
import { nodeSettings, type NodeConfiguration } from '../node-settings.ts';

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

/** The settings that a container gives its node. */
export function s3ClientSettingsOf(name: string, container: NodeConfiguration): S3ClientSettings {
  return pick(name, nodeSettings(container));
}

function pick(name: string, value: (key: string) => unknown): S3ClientSettings {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const found = value(`s3.client.${name}.${key}`);
      return typeof found === 'string' && found !== '' ? [[key, found]] : [];
    }),
  );
}

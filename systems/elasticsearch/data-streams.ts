import type { IndexName } from '../../domain/platform.ts';
import type { ExpectedStream } from '../../domain/recovery-points/recovery-point.ts';
import type { Client } from './client.ts';
import { clusterMetadata, type ClusterMetadata } from './cluster-metadata.ts';
import { attempt } from './errors.ts';

/** The data streams that these indices of a snapshot back, as they are now. */
export async function streamsOf(client: Client, held: readonly IndexName[]): Promise<ExpectedStream[]> {
  const { dataStreams } = await clusterMetadata(client);
  const inSnapshot = new Set(held);
  const streams = Object.entries(dataStreams).flatMap(([name, { generation, indices }]): ExpectedStream[] => {
    const backing = indices.filter((index) => inSnapshot.has(index));
    if (backing.length === 0) return [];
    return [{ name, indices: backing, ...(backing.at(-1) === indices.at(-1) && { generation }) }];
  });
  const templates = await templatesOf(client, streams.length > 0);
  return streams
    .map((stream) => {
      const template = templates.get(stream.name);
      return { ...stream, ...(template !== undefined && { template }) };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** What is wrong with each data stream that a restore should have brought. */
export async function faultsOfStreams(client: Client, expected: readonly ExpectedStream[]): Promise<string[]> {
  if (expected.length === 0) return [];
  const { dataStreams } = await clusterMetadata(client);
  const templates = await templatesOf(client, true);
  return expected.flatMap((stream) => faultsOf(stream, dataStreams[stream.name], templates.get(stream.name)));
}

function faultsOf(
  { name, indices, generation, template }: ExpectedStream,
  found: ClusterMetadata['dataStreams'][string] | undefined,
  foundTemplate: string | undefined,
): string[] {
  if (found === undefined) return [`${name} is not there as a data stream`];
  const missing = indices.filter((index) => !found.indices.includes(index));
  const faults: string[] = [];
  if (missing.length > 0) faults.push(`without its indices ${missing.join(', ')}`);
  if (generation !== undefined && found.generation < generation)
    faults.push(`generation ${found.generation} instead of ${generation}`);
  // A lifecycle policy may have begun another index since.
  if (found.generation === generation && found.indices.at(-1) !== indices.at(-1))
    faults.push(`writes to ${found.indices.at(-1) ?? 'no index'} instead of ${indices.at(-1) ?? ''}`);
  if (template !== undefined && foundTemplate !== template)
    faults.push(`its template is ${foundTemplate ?? 'missing'} instead of ${template}`);
  return faults.length === 0 ? [] : [`${name}: ${faults.join(', ')}`];
}

/** The index template of each data stream; clusters without streams may not know the request. */
async function templatesOf(client: Client, any: boolean): Promise<Map<string, string>> {
  if (!any) return new Map();
  const { data_streams: streams } = await attempt('describe the data streams', () =>
    client.indices.getDataStream({ expand_wildcards: 'all' }),
  );
  return new Map(streams.map(({ name, template }) => [name, template]));
}

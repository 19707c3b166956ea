import { failed, passed, type Check } from '../../../domain/checks.ts';
import { lastingIndices, type FeatureState } from '../../../domain/recovery-points/features.ts';
import type { ExpectedSet } from '../../../domain/recovery-points/recovery-point.ts';
import type { Client } from '../client.ts';
import { faultsOfStreams } from '../data-streams.ts';
import { observeRestore } from './restore-state.ts';

// What comes back as one or not at all: data streams, and the indices of Elasticsearch's own features.

/** Data streams with their indices, their generation, the index that is written to, their template. */
export async function checkDataStreams(client: Client, { dataStreams = [] }: ExpectedSet): Promise<Check[]> {
  if (dataStreams.length === 0) return [];
  const faults = await faultsOfStreams(client, dataStreams);
  if (faults.length > 0)
    return [
      failed(
        'data streams',
        faults.join('; '),
        'Do not release the quarantine; retry the restore: data streams are restored as a whole',
      ),
    ];
  return [passed('data streams', `${dataStreams.length} of ${dataStreams.length} as backed up`)];
}

/** Every index of the feature states that were restored, but for those that Elasticsearch removes by itself. */
export async function checkFeatureStates(client: Client, features: readonly FeatureState[]): Promise<Check[]> {
  if (features.length === 0) return [];
  const lasting = lastingIndices(features);
  const request = { repository: '', snapshot: '', indices: lasting.map(({ index }) => index) };
  const { indices } = await observeRestore(client, request);
  const faults = lasting.flatMap(({ feature, index }) => {
    const primaries = indices.get(index)?.primaries ?? [];
    const started = primaries.length > 0 && primaries.every(({ state }) => state === 'started');
    return started ? [] : [`${index} of ${feature} ${primaries.length === 0 ? 'is not there' : 'is not started'}`];
  });
  const names = features.map(({ name }) => name).join(', ');
  if (faults.length > 0)
    return [failed('feature states', faults.join('; '), 'Do not release the quarantine; retry the restore')];
  return [passed('feature states', `${names}: all indices are there`)];
}

import type { IndexMarks, Marks, OperationMarks, SampleMark } from '../../../domain/recovery-points/expected-set.ts';
import { hinderingOf } from '../../../domain/recovery-points/hindering-settings.ts';
import type { IndexName } from '../../../domain/platform.ts';
import type { Client } from '../client.ts';
import { countDocuments, sequenceNumbers, type Figures } from './counts.ts';
import { describeIndices, resolveIndices, type IndexDescription } from '../indices.ts';
import { chooseSamples, findSamples } from './samples.ts';

/** What is there before a snapshot starts: sequence numbers first, so that they are no newer than count and samples. */
export async function takeMarks(
  client: Client,
  indices: readonly IndexName[],
  samplesPerIndex: number,
): Promise<Marks> {
  const described = await describeIndices(client, indices);
  const seqNos = await sequenceNumbers(client, namesOf(described));
  const counts = await countDocuments(client, described);
  const samples = await chooseSamples(client, openOf(described), samplesPerIndex);
  return assemble(described, seqNos, counts, samples);
}

/** What is there after the snapshot ended, of the same documents: sequence numbers last. `expectedIndices` joins both. */
export async function takeMarksAfter(client: Client, before: Marks): Promise<Marks> {
  const described = await describeIndices(client, Object.keys(before));
  // It refreshes: what the samples' search sees is no older than the counts.
  const counts = await countDocuments(client, described);
  const samples = await findSamples(
    client,
    Object.fromEntries(openOf(described).map((name) => [name, before[name]?.samples.map(({ id }) => id) ?? []])),
  );
  const seqNos = await sequenceNumbers(client, namesOf(described));
  return assemble(described, seqNos, counts, samples);
}

/** What tells how much was written since a snapshot, of every index that the patterns name now and that can be counted. */
export async function currentOperations(client: Client, patterns: readonly string[]): Promise<OperationMarks> {
  const described = await describeIndices(client, await resolveIndices(client, patterns));
  const seqNos = await sequenceNumbers(client, namesOf(described));
  const counts = await countDocuments(client, described);
  return Object.fromEntries(
    described.flatMap(({ name, uuid }) => {
      const [shards, count] = [seqNos.of[name], counts.of[name]];
      return shards === undefined || count === undefined ? [] : [[name, { uuid, seqNos: shards, count }]];
    }),
  );
}

function assemble(
  described: IndexDescription[],
  seqNos: Figures<number[]>,
  counts: Figures<number>,
  samples: Record<IndexName, SampleMark[]>,
): Marks {
  return Object.fromEntries(
    described.map(
      ({ name, uuid, state, primaries, aliases, replicas, createdWith, settings }): [IndexName, IndexMarks] => {
        const uncounted = counts.unreadable[name] ?? seqNos.unreadable[name];
        return [
          name,
          {
            uuid,
            state,
            primaries,
            aliases,
            replicas,
            ...(createdWith !== undefined && { createdWith }),
            settings: hinderingOf(settings),
            seqNos: seqNos.of[name] ?? [],
            count: counts.of[name] ?? 0,
            ...(uncounted !== undefined && { uncounted }),
            samples: samples[name] ?? [],
          },
        ];
      },
    ),
  );
}

const openOf = (described: readonly IndexDescription[]) => namesOf(described.filter(({ state }) => state === 'open'));

const namesOf = (described: readonly IndexDescription[]) => described.map(({ name }) => name);

import { skewSeconds, type StreamArtefact } from '../../domain/streams/stream-artefact.ts';
import type { StreamContent } from '../../domain/streams/judge-streams.ts';
import { streamedStores } from '../../domain/store-kinds.ts';
import { isMissing, type MissingStore } from '../../domain/recovery-points/missing-stores.ts';
import type { RecoveryPointId, RecoveryPointManifest } from '../../domain/recovery-points/recovery-point.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { expectedIn, writtenArtefact } from './read-artefact.ts';

type Open = Pick<OpenPlatform, 'platform' | 'catalogue'>;

/** What a backup has written of all stores of streams but those that are missing. Failure: CatalogueRefused when something of it is gone. */
export async function writtenStreams(
  open: Open,
  point: RecoveryPointId,
  missing: MissingStore[] = [],
): Promise<StreamArtefact[]> {
  const artefacts: StreamArtefact[] = [];
  for (const { name } of streamedStores(open.platform))
    if (!isMissing({ missing }, name)) artefacts.push(await writtenArtefact(open, point, name));
  return artefacts;
}

/** What these hold, to be compared with another point. Failure: CatalogueRefused. */
export function streamContents(open: Open, streams: readonly StreamArtefact[] = []): Promise<StreamContent[]> {
  return Promise.all(
    streams.map(async (artefact) => ({
      store: artefact.store,
      kind: artefact.kind,
      expected: await expectedIn(open, artefact),
    })),
  );
}

/** The part of a manifest that tells of them. `snapshots`: when the snapshots of the other stores began. */
export function streamsInManifest(
  streams: StreamArtefact[],
  snapshots: readonly string[],
): Pick<RecoveryPointManifest, 'streams' | 'skewSeconds'> {
  if (streams.length === 0) return {};
  const moments = [...snapshots.map((at) => ({ from: at, to: at })), ...streams.map(({ moment }) => moment)];
  return { streams, ...(moments.length > 1 && { skewSeconds: skewSeconds(moments) }) };
}

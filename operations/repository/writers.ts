import type { Client } from '@elastic/elasticsearch';
import { placeOfDeployment } from '../../domain/deployment-place.ts';
import { Failure } from '../../domain/failures.ts';
import { isGivenAddress, type ElasticsearchStore } from '../../domain/platform.ts';
import type { Place } from '../../domain/recovery-points/recovery-point.ts';
import { judgeWriter, type TakenPoint } from '../../domain/recovery-points/writers.ts';
import { clusterIdentity } from '../../systems/elasticsearch/health.ts';
import { readRepositoryIndex } from '../../systems/elasticsearch/repository/repository-index.ts';
import { observe } from '../observation.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { demandReason, type Word } from '../recovery-points/accept.ts';
import { personOf } from '../recovery-points/pins.ts';
import { openBucket } from './observe-bucket.ts';

/** How many of the newest recovery points are asked who took them. */
const recent = 20;

/** Where this platform's servers stand. */
export async function placeOf({ docker, platform }: Pick<OpenPlatform, 'docker' | 'platform'>): Promise<Place> {
  const { id: engine } = await docker.ping();
  return { engine, project: placeOfDeployment(platform.deployment) };
}

/**
 * Makes sure that this cluster is the one that writes to the repository: it wrote last, a restore made it, it stands in
 * the place of the one that wrote last, or a person said so. Returns why. Failure: AnotherWriter.
 */
export async function demandOwnRepository(
  open: OpenPlatform,
  store: ElasticsearchStore,
  clusterUuid: string,
): Promise<string> {
  const lastWriter = await lastWriterOf(open, store);
  if (lastWriter === clusterUuid) return 'this cluster wrote last';
  const place = !isGivenAddress(store) ? await placeOf(open) : undefined;
  const points = await takenPoints(open, store);
  const admitted = await open.catalogue.listWriters();
  const judged = judgeWriter({ clusterUuid, place, lastWriter, points, admitted });
  if ('why' in judged) return judged.why;
  const { otherWriter } = judged;
  const point = points.find((each) => each.clusterUuid === otherWriter);
  throw new Failure('AnotherWriter', {
    message: `The repository ${store.repository.name} was last written by the cluster ${otherWriter}${point ? ` (recovery point ${point.id})` : ''}, and ${store.name} is the cluster ${clusterUuid}, which neither wrote before nor was made by a restore; no snapshot was taken, since two clusters that write to one repository corrupt it`,
    remedy: `If ${otherWriter} still lives, give this platform a repository and a catalogue of its own; if it is gone and this cluster writes from now on, accept it: rekindle accept ${open.platform.platform} --cluster ${clusterUuid} --reason "…"`,
  });
}

/** By the repository's own index, where the bucket can be read; what is wrong with it is found by the checks of a snapshot. */
export async function lastWriterOf(open: OpenPlatform, store: ElasticsearchStore): Promise<string | undefined> {
  const observation = await observe(async () => {
    const bucket = await openBucket(open, store);
    return 'unseen' in bucket ? undefined : (await readRepositoryIndex(bucket.storage)).writer;
  });
  return 'seen' in observation ? observation.seen : undefined;
}

async function takenPoints({ catalogue }: OpenPlatform, { name }: ElasticsearchStore): Promise<TakenPoint[]> {
  const { points } = await catalogue.listPoints();
  const manifests = await Promise.all(
    points.slice(0, recent).map(({ id }) => observe(() => catalogue.readManifest(id))),
  );
  return manifests.flatMap((manifest): TakenPoint[] => {
    // A damaged one is a finding of preflight; here it only names no cluster.
    if (!('seen' in manifest)) return [];
    const { id, startedAt, stores, takenOn } = manifest.seen;
    const clusterUuid = stores.find(({ store }) => store === name)?.clusterUuid;
    return clusterUuid === undefined ? [] : [{ id, startedAt, clusterUuid, ...(takenOn && { takenOn }) }];
  });
}

/**
 * Notes that this cluster writes to the platform's repositories from now on, since the run made it or brought it back.
 * Returns words for the step's summary: that it could not be noted is no reason to stop a restore that is done.
 */
export async function noteWriter({ catalogue }: OpenPlatform, client: Client, run: string): Promise<string> {
  const noted = await observe(async () => {
    const { clusterUuid } = await clusterIdentity(client);
    await catalogue.admitWriter({ at: new Date().toISOString(), clusterUuid, by: run });
  });
  return 'failure' in noted ? `; that this cluster writes now could not be noted: ${noted.failure.message}` : '';
}

/** A person's word that this cluster writes from now on. Failure: InvalidArgument. */
export async function acceptWriter(
  catalogue: Pick<OpenPlatform['catalogue'], 'admitWriter'>,
  clusterUuid: string,
  word: Word,
): Promise<void> {
  demandReason(word);
  if (!/^[\w-]{10,64}$/.test(clusterUuid))
    throw new Failure('InvalidArgument', {
      message: `"${clusterUuid}" is not the UUID of an Elasticsearch cluster`,
      remedy: 'Take it from the message of the backup that was refused, or from "GET /" of the cluster',
    });
  await catalogue.admitWriter({ at: new Date().toISOString(), clusterUuid, by: personOf(word.by) }, word.reason.trim());
}

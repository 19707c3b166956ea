import type { ExpectedSet, RecoveryPointManifest } from '../../domain/recovery-points/recovery-point.ts';
import { servicesOf, type ElasticsearchStore } from '../../domain/platform.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import { nodeCount, type NodeCount } from '../../domain/plans/restore-steps/nodes.ts';
import { captureSourceOf } from '../../domain/plans/restore-steps/situation.ts';
import type { Watch } from '../../domain/watch.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { readExpectedSet } from '../recovery-points/read-point.ts';
import { readCaptureOf } from '../restore/find-capture.ts';
import { isOutOfReach, observeBucket, type BucketSeen } from '../repository/observe-bucket.ts';
import { observeElasticsearch, type ElasticsearchSeen } from './observe-elasticsearch.ts';
import { observeUser, type UserSeen } from './observe-user.ts';
import { observe, type Observation } from '../observation.ts';

/** What the checks of one Elasticsearch are judged from, observed once for all of them. */
export interface StoreSeen {
  store: ElasticsearchStore;
  expected: ExpectedSet;
  bucket: Observation<BucketSeen>;
  elasticsearch: Observation<ElasticsearchSeen>;
  /** Of the platform's own Elasticsearch: whether it answers, and whether a container of it runs at all. */
  living: { answers: boolean; runs: boolean };
  /** Elasticsearch's version by the labels and the name of the image that will run; undefined when they do not say. */
  imageVersion: Observation<string | undefined>;
  known: Observation<CatalogueKnows>;
  /** undefined: the platform file names no user. */
  user: Observation<UserSeen | undefined>;
  /** What an earlier preflight of this run accepted as the version. */
  versionBefore: string | undefined;
  /** Nothing is left of the store, so it is created from the very image of the cluster that took the snapshot. */
  createdFromPoint: boolean;
  nodes: NodeCount;
}

export interface CatalogueKnows {
  /** Snapshots that stand, or are about to stand, for recovery points. */
  snapshots: ReadonlySet<string>;
  /** Clusters that took the newest recovery points, this one's included, and those that were admitted as writers. */
  clusters: ReadonlySet<string>;
}

/** How many of the newest recovery points count as recent. */
const recent = 20;

/** Failures: those of reading the recovery point's expected set; every other one stands in the result. */
export async function observeStore(
  open: OpenPlatform,
  store: ElasticsearchStore,
  situation: RestoreSituation,
  options: { scratch: 'when dead' | 'never' } & Watch,
): Promise<StoreSeen> {
  const { manifest, observed } = situation;
  const expected = await readExpectedSet(open, manifest.id, store.name);
  const services = servicesOf(store);
  const present = observed.containers.filter(({ service }) => services.includes(service));
  const captured = situation.capture.containers.find(({ service }) => services.includes(service))?.image;
  const image = present[0] ? { reference: present[0].image, digest: present[0].image } : captured;
  const capture = captureSourceOf(situation);
  const bucketSeen = observeBucket({ ...open, captureOf: () => readCaptureOf(open, capture) }, store, expected, {
    depth: options.scratch === 'never' ? 'shards' : 'files',
    signal: options.signal,
  });
  // Where the bucket cannot be read from here, only a scratch Elasticsearch proves that the snapshot is still there.
  const scratch = async () =>
    options.scratch === 'never' && isOutOfReach(await bucketSeen) ? 'when dead' : options.scratch;
  const foundInBucket = async () => {
    const seen = await bucketSeen;
    return 'seen' in seen && seen.seen.content !== undefined;
  };
  const observations = [
    bucketSeen,
    scratch().then((wanted) =>
      observeElasticsearch(open, store, expected, { ...options, scratch: wanted, capture, foundInBucket }),
    ),
    observe(async () => image && open.docker.imageVersion(image)),
    observe(() => catalogueKnows(open, store, expected)),
    observe(() => observeUser(open, store, situation)),
  ] as const;
  // Wait for all of them first: a scratch Elasticsearch is gone when this returns or throws.
  await Promise.allSettled(observations);
  const [bucket, { answers, observation: elasticsearch }, imageVersion, known, user] = await Promise.all(observations);
  const living = { answers, runs: present.some(({ running }) => running) };
  return {
    store,
    expected,
    bucket,
    elasticsearch,
    living,
    imageVersion,
    known,
    versionBefore: situation.versions?.[store.name],
    createdFromPoint: present.length === 0 && captureSourceOf(situation) === manifest.id && captured !== undefined,
    nodes: nodeCount(situation, store),
    user,
  };
}

async function catalogueKnows(
  { catalogue }: Pick<OpenPlatform, 'catalogue'>,
  store: ElasticsearchStore,
  expected: ExpectedSet,
): Promise<CatalogueKnows> {
  const snapshots = await catalogue.snapshotNames();
  const { points } = await catalogue.listPoints();
  const manifests = await Promise.all(
    // A damaged manifest is reported when its point is restored; here it only names no cluster.
    points.slice(0, recent).map(({ id }) => observe(() => catalogue.readManifest(id))),
  );
  const clusterOf = (manifest: RecoveryPointManifest) =>
    manifest.stores.find((artefact) => artefact.store === store.name)?.clusterUuid ?? [];
  const clusters = manifests.flatMap((manifest) => ('seen' in manifest ? clusterOf(manifest.seen) : []));
  return {
    snapshots,
    clusters: new Set([
      ...(expected.clusterUuid === undefined ? [] : [expected.clusterUuid]),
      ...clusters,
      ...(await catalogue.listWriters()).map(({ clusterUuid }) => clusterUuid),
    ]),
  };
}

import { overallVerdict, passed, type Check } from '../../domain/checks.ts';
import { hostOf, isSpread } from '../../domain/hosts.ts';
import { isDeployed, storesOfKind } from '../../domain/platform.ts';
import { judgeSkew } from '../../domain/streams/judge-skew.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { MissingStore } from '../../domain/recovery-points/missing-stores.ts';
import { artefactOf } from '../../domain/recovery-points/expected-set.ts';
import type {
  ExpectedSet,
  Place,
  RecoveryPointId,
  RecoveryPointManifest,
  StoreArtefact,
} from '../../domain/recovery-points/recovery-point.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import { decodeJson } from '../json.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { expectedSetObject } from '../recovery-points/read-point.ts';
import { markKnownDamage } from '../scrub/known-damage.ts';
import { placeOf } from '../repository/writers.ts';
import { removeMissing } from '../streams/remove-parts.ts';
import { streamContents, streamsInManifest, writtenStreams } from '../streams/published.ts';
import { judgePoint } from './judge-point.ts';
import { writeMarkerFiles } from './marker-files.ts';
import { noteMetadata } from './note-metadata.ts';
import { writeKit } from './write-kit.ts';

/** The object of a point that names the images of its services. */
export const imagesObject = 'images.json';

/**
 * The commit point: without the manifest there is no recovery point, whatever else was written. One that holds less than
 * the one before it is marked suspect first, so that at no moment it passes for a good one; the verdict is fail then.
 */
export async function publishRecoveryPoint(
  open: OpenPlatform,
  call: StepCall<'publishRecoveryPoint'>,
): Promise<StepOutcome> {
  const { platform, fileHash, catalogue } = open;
  const { recoveryPoint: point, restored, claimed, reason } = call.arguments;
  const { missing = [] } = call;
  const sets: ExpectedSet[] = [];
  const stores: StoreArtefact[] = [];
  let startedAt = '';
  for (const { name } of storesOfKind(platform, 'elasticsearch')) {
    const object = await catalogue.statObject(point, expectedSetObject(name));
    const expected = decodeJson(await catalogue.getObject(object)) as ExpectedSet;
    sets.push(expected);
    stores.push({ ...artefactOf(expected, object), ...(await noteMetadata(open, expected)) });
    if (startedAt === '' || expected.startedAt < startedAt) startedAt = expected.startedAt;
  }
  const streams = await writtenStreams(open, point, missing);
  for (const { moment } of streams) if (startedAt === '' || moment.from < startedAt) startedAt = moment.from;
  const deployed = isDeployed(platform);
  const manifest: RecoveryPointManifest = {
    version: 1,
    id: point,
    platform: call.platform,
    run: call.run,
    ...(reason !== undefined && { reason }),
    startedAt,
    finishedAt: new Date().toISOString(),
    platformFileHash: fileHash,
    stores,
    ...streamsInManifest(
      streams,
      sets.map((set) => set.startedAt),
    ),
    ...(missing.length > 0 && { missing }),
    ...(deployed ? await deploymentOf(open, point) : { images: {} }),
  };
  const content = [
    ...(await judgePoint(open, point, { snapshots: sets, streams: await streamContents(open, streams) }, restored)),
    ...judgeSkew(manifest, platform.objectives),
  ];
  const leftovers = await removeMissing(open, point, missing);
  const known = await markKnownDamage(open, point, sets, call.run);
  const whole = overallVerdict(content) === 'pass';
  const good = whole && known.length === 0;
  if (!whole) await markSuspect(catalogue, point, call.run, content);
  // An earlier attempt may have judged by a point that was not accepted yet.
  else await catalogue.unmark(point, 'suspect', { run: call.run });
  await catalogue.writeManifest(manifest, claimed && call);
  // Monitors take these files for a good backup.
  const markerFiles = good ? await writeMarkerFiles(platform.backup, manifest) : [];
  const kit = good ? await writeKit(open, manifest) : [];
  const documents = stores.reduce((sum, store) => sum + (store.documents ?? 0), 0);
  return {
    summary: `Recovery point ${point}${stateOf(whole, known.length > 0)}, data as of ${startedAt}, at least ${documents} documents${skewOf(manifest)}`,
    checks: [
      passed(
        'manifest',
        `${point} is written, with ${stores.length + streams.length} stores${deployed ? ' and the deployment' : ''}${withoutOf(missing)}`,
      ),
      ...content,
      ...leftovers,
      ...known,
      ...markerFiles,
      ...kit,
    ],
  };
}

/** What the manifest says of the deployment that was captured, and of the engine that it was captured from. */
async function deploymentOf(
  open: OpenPlatform,
  point: RecoveryPointId,
): Promise<Pick<RecoveryPointManifest, 'takenOn' | 'capture' | 'images'>> {
  const { catalogue } = open;
  const images = await catalogue.getObject(await catalogue.statObject(point, imagesObject));
  return {
    takenOn: await placeOfStores(open),
    capture: await catalogue.statObject(point, 'capture.age'),
    images: decodeJson(images) as RecoveryPointManifest['images'],
  };
}

function withoutOf(missing: readonly MissingStore[]): string {
  return missing.length === 0 ? '' : `, without ${missing.map(({ store }) => store).join(', ')}`;
}

function skewOf({ skewSeconds }: RecoveryPointManifest): string {
  return skewSeconds === undefined ? '' : `; its stores are ${skewSeconds.toFixed(1)} s apart`;
}

function stateOf(whole: boolean, damaged: boolean): string {
  if (damaged) return ', bad';
  return whole ? '' : ', suspect';
}

async function markSuspect(
  catalogue: OpenPlatform['catalogue'],
  point: RecoveryPointId,
  run: string,
  checks: readonly Check[],
): Promise<void> {
  const faults = checks.filter(({ verdict }) => verdict !== 'pass').map(({ evidence }) => evidence);
  await catalogue.mark(point, 'suspect', { at: new Date().toISOString(), run, note: faults.join('; ') });
}

/** Where the servers of its first database stand. */
function placeOfStores(open: OpenPlatform): Promise<Place> {
  const [first] = storesOfKind(open.platform, 'elasticsearch');
  const host = first && isSpread(open.platform) ? hostOf(open.platform, first.service) : undefined;
  return host === undefined || host === open.host ? placeOf(open) : open.ask(host, 'place', {});
}

import { failed, passed, type Check } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';
import { listed } from '../../domain/listed.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { RecoveryPointId, RecoveryPointSummary } from '../../domain/recovery-points/recovery-point.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { verifyPart } from '../../systems/streams/read-part.ts';
import { decodeJson, encodeJson } from '../json.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { artefactIn } from './read-artefact.ts';

type Open = Pick<OpenPlatform, 'catalogue' | 'streams' | 'platform'>;

/**
 * Reads a store's parts in the recovery points to their end, and compares length and checksum; without the key. A point with a
 * damaged or missing part is marked bad, and the mark is taken back when its parts are good again. Of a share those points are read
 * that were not for `backup.scrubDays`; a backup counts as a reading. What was read since the run began is not read again.
 * Failures: those of the storage.
 */
export async function scrubParts(open: Open, call: StepCall<'scrubParts'>, watch: Watch): Promise<StepOutcome> {
  const { store, scope, since } = call.arguments;
  const { points } = await open.catalogue.listPoints();
  const scrub: Scrub = { open, store, run: call.run, watch, bytes: 0, read: 0, damages: [] };
  for (const point of points.filter(({ deleting }) => !deleting)) {
    watch.signal?.throwIfAborted();
    if (typeof scope === 'object' ? point.id === scope.point : await isDue(open, point, { store, scope, since }))
      await scrubPoint(scrub, point);
  }
  const figures = `${scrub.read} recovery points, ${scrub.bytes} bytes of ${store} were read`;
  const name = `scrub ${store}`;
  const check: Check =
    scrub.damages.length === 0
      ? passed(name, `${figures}: every part is as it was written`)
      : failed(
          name,
          `${figures}; damaged: ${listed(scrub.damages)}`,
          'Take a backup now, and find out what happened to these objects; the points are marked bad, and no restore takes them',
        );
  return { summary: check.evidence, checks: [check] };
}

interface Scrub {
  open: Open;
  store: string;
  run: string;
  watch: Watch;
  bytes: number;
  read: number;
  damages: string[];
}

async function scrubPoint(scrub: Scrub, { id, bad }: RecoveryPointSummary): Promise<void> {
  const { open, store, watch } = scrub;
  const artefact = await artefactIn(open, id, store).catch(unlessAbsent);
  if (artefact === undefined) return;
  const streams = await open.streams();
  const faults: string[] = [];
  for (const receipt of artefact.parts) {
    try {
      scrub.bytes += await verifyPart(streams, receipt, undefined, watch);
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'RepositoryCorrupted') throw error;
      faults.push(error.message);
    }
  }
  scrub.read += 1;
  scrub.damages.push(...faults.map((fault) => `${id}: ${fault}`));
  const mark = { at: new Date().toISOString(), run: `scrub of ${store}` };
  if (faults.length > 0) await open.catalogue.mark(id, 'bad', { ...mark, note: `${faults.join('; ')} (${scrub.run})` });
  else if (bad) await open.catalogue.unmark(id, 'bad', { run: mark.run });
  await open.catalogue.putObject(id, readObject(store), encodeJson({ at: mark.at }));
}

/** Whether its turn has come. */
async function isDue(
  { catalogue, platform }: Open,
  { id, startedAt, durationSeconds }: RecoveryPointSummary,
  { store, scope, since }: { store: string; scope: 'share' | 'all'; since: string },
): Promise<boolean> {
  const last = await lastRead(catalogue, id, store);
  if (last !== undefined && last >= since) return false;
  if (scope === 'all') return true;
  const backedUp = Date.parse(startedAt) + durationSeconds * 1000;
  const age = Date.parse(since) - (last === undefined ? backedUp : Date.parse(last));
  return age >= platform.backup.scrubDays * 86_400_000;
}

/** The object of a point that says when a store's parts were read last. */
const readObject = (store: string): string => `stores/${store}/read.json`;

async function lastRead(catalogue: Open['catalogue'], id: RecoveryPointId, store: string): Promise<string | undefined> {
  const bytes = await catalogue.findObject(id, readObject(store));
  return bytes && (decodeJson(bytes) as { at: string }).at;
}

/** A point from before the store was named, or one whose manifest is damaged, which `check` reports. */
function unlessAbsent(error: unknown): undefined {
  if (error instanceof Failure && ['SnapshotMissing', 'RecoveryPointNotFound', 'CatalogueRefused'].includes(error.kind))
    return undefined;
  throw error;
}

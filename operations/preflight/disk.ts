import { failed, passed, type Check } from '../../domain/checks.ts';
import { isFolder, mountUnder, type DiskRule } from '../../domain/mounts.ts';
import { mountsOf } from '../../domain/plans/mount-fates.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import { presentDataVolumes } from '../../domain/plans/restore-steps/situation.ts';
import { servicesOf, type StoreName } from '../../domain/platform.ts';
import type { DiskSpace, Room } from '../../systems/docker/disk.ts';
import { bytesOf } from '../../systems/elasticsearch/units.ts';

/** Logs, translogs and whatever else grows next to the data. */
const marginBytes = 512 * 1024 * 1024;
/** Merges write new segments before the old ones go. */
const growth = 1.1;
/** What Elasticsearch does by itself: since 8.6 with the bound, before without. */
const usualRule: DiskRule = { low: '85%', maxHeadroom: '200gb', copies: 1 };

/** PostgreSQL keeps nothing free by itself. */
const noRule: DiskRule = { copies: 1 };

/** What a restore puts on a disk. */
interface Data {
  store: StoreName;
  bytes: number;
  rule: DiskRule;
}

/** A disk on which data will lie: `''` is where the engine keeps volumes, else the folder that is mounted. */
type Place = string;

/**
 * Room for the snapshot's data with its replicas, on the disk where each store keeps it, next to what is there: quarantined
 * data stays on the disk, removed data makes room for the new. A volume whose size is not known makes none. Elasticsearch
 * puts no shard on a disk that is fuller than its low watermark.
 */
export function checkDisk(situation: RestoreSituation, seen: DiskSpace): Check {
  const { stores, streams = [] } = situation.manifest;
  const all: Data[] = [
    ...stores.map(({ store, totalBytes: bytes }) => ({
      store,
      bytes,
      rule: situation.storePaths[store]?.disk ?? usualRule,
    })),
    ...streams.map(({ store, dataBytes: bytes }) => ({ store, bytes, rule: noRule })),
  ];
  const places = new Map<Place, Data[]>();
  for (const data of all) {
    const place = placeOf(situation, data, seen);
    places.set(place, [...(places.get(place) ?? []), data]);
  }
  const checked = [...places].map(([place, data]) => checkPlace(situation, seen, place, data));
  const evidence = checked.map((each) => each.evidence).join('; ');
  const bad = checked.filter(({ fits }) => !fits);
  if (bad.length === 0) return passed('disk', evidence);
  const where = bad.map(({ where }) => where).join(' and ');
  return failed(
    'disk',
    evidence,
    situation.volumes === 'remove'
      ? `Make room ${where}, or move the data to a larger disk`
      : `Make room ${where} (an old quarantine, unused images), or use --volumes remove, which leaves no way back`,
  );
}

function checkPlace(situation: RestoreSituation, seen: DiskSpace, place: Place, data: readonly Data[]) {
  const { freeBytes, totalBytes } = roomOf(seen, place);
  const rules = data.map(({ rule }) => rule);
  const dataBytes = data.reduce((sum, { bytes, rule }) => sum + bytes * rule.copies, 0);
  const reserveBytes = Math.max(0, ...rules.map((rule) => reserveOf(rule, totalBytes)));
  const removed = situation.volumes === 'remove' ? presentDataVolumes(situation) : [];
  const removedBytes = removed
    .filter(({ name }) => (isFolder(name) ? name : '') === place)
    .reduce((sum, { name }) => sum + (seen.volumeBytes[name] ?? 0), 0);
  const neededBytes = Math.max(0, Math.ceil(dataBytes * growth) + marginBytes + reserveBytes - removedBytes);
  const where = place === '' ? "under the engine's root" : `at ${place}`;
  const parts = [
    `data ${gigabytes(dataBytes)}${rules.some(({ copies }) => copies > 1) ? ' with replicas' : ''} and a margin`,
    ...(reserveBytes > 0 ? [`${gigabytes(reserveBytes)} that Elasticsearch keeps free (low watermark)`] : []),
    situation.volumes === 'remove'
      ? `less ${gigabytes(removedBytes)} that are removed`
      : 'in addition to the quarantine',
  ];
  return {
    fits: freeBytes >= neededBytes,
    where: place === '' ? "on the engine's disk" : `on the disk of ${place}`,
    evidence: `${gigabytes(freeBytes)} free ${where}, ${gigabytes(neededBytes)} needed (${parts.join(', ')})`,
  };
}

/** Where the store's data lies: the folder that is mounted there and could be measured, else where the engine keeps volumes. */
function placeOf(situation: RestoreSituation, { store: name }: Data, seen: DiskSpace): Place {
  const store = situation.platform.stores.find((each) => each.name === name);
  const path = situation.storePaths[name]?.data[0];
  if (store === undefined || path === undefined) return '';
  const mounts = servicesOf(store).flatMap((service) => mountUnder(path, mountsOf(situation, service)) ?? []);
  return mounts.find(({ type, source }) => type === 'bind' && source in seen.folders)?.source ?? '';
}

const roomOf = (seen: DiskSpace, place: Place): Room => seen.folders[place] ?? seen;

/** Bytes that must stay free. */
function reserveOf({ low, maxHeadroom }: DiskRule, totalBytes: number): number {
  if (low === undefined) return 0;
  const free = bytesOf(low);
  if (free !== undefined) return free;
  const number = Number.parseFloat(low);
  const used = low.trim().endsWith('%') ? number / 100 : number;
  if (!(used >= 0 && used <= 1)) return 0;
  return Math.min(totalBytes * (1 - used), bytesOf(maxHeadroom ?? '') ?? Number.POSITIVE_INFINITY);
}

/** `12.3 GB`, or `0.4 GB`: what disks are sold in. */
function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

import { describeFeatures } from '../../domain/recovery-points/features.ts';
import {
  snapshotOf,
  type ExpectedIndex,
  type RecoveryPointSummary,
} from '../../domain/recovery-points/recovery-point.ts';
import type { Adoptions } from '../../operations/adopt/adopt.ts';
import type { PointInFull } from '../../operations/recovery-points/read-point.ts';
import { table } from './table.ts';
import { storeKinds } from '../../domain/store-kinds.ts';
import { age, bytes, seconds } from '../../domain/units.ts';

/** For counts that a snapshot of another tool does not have. */
const unknown = '?';
const number = (count: number | undefined) => count?.toLocaleString('en') ?? unknown;

/** A catalogue that others write into may cause thousands of warnings. */
const warningsShown = 10;

/** All of a catalogue: the points, what is not finished, and what was skipped. */
export function renderList(
  platform: string,
  { points, unfinished, warnings }: { points: RecoveryPointSummary[]; unfinished: string[]; warnings: string[] },
  now: number,
): string {
  return [
    points.length === 0
      ? `${platform} has no recovery point; take one with "rekindle backup ${platform}"`
      : renderPoints(points, now),
    ...(unfinished.length > 0
      ? [`not finished, by a backup that runs or by one that died: ${unfinished.join(', ')}`]
      : []),
    ...warnings.slice(0, warningsShown).map((warning) => `warning: ${warning}`),
    ...(warnings.length > warningsShown ? [`warning: and ${warnings.length - warningsShown} more keys skipped`] : []),
  ].join('\n');
}

export function renderPoints(points: readonly RecoveryPointSummary[], now: number): string {
  const rows = points.map((point) => [
    point.id,
    point.startedAt,
    age(point.startedAt, now),
    seconds(point.durationSeconds),
    bytes(point.totalBytes),
    `+${bytes(point.incrementalBytes)}`,
    String(point.indices),
    number(point.documents),
    point.adopted ? 'none (adopted)' : 'encrypted',
    stateOf(point),
  ]);
  return table([
    ['recovery point', 'data as of', 'age', 'took', 'size', 'new', 'indices', 'documents', 'capture', 'state'],
    ...rows,
  ]).join('\n');
}

function stateOf(point: RecoveryPointSummary): string {
  return [
    point.bad && 'bad',
    point.suspect && 'suspect',
    point.deleting && 'being deleted',
    point.provenAt
      ? `proven ${point.provenAt}${point.provenBy === undefined ? '' : ` by ${point.provenBy}`}`
      : 'not proven',
    point.pinned && ['pinned', ...(point.pinnedBy ?? []).map((by) => `by ${by}`)].join(' '),
  ]
    .filter(Boolean)
    .join(', ');
}

/** One point: what it holds, where, who took it, and what became of it. */
export function renderPoint({ summary, manifest, markers, indices }: PointInFull, now: number): string {
  const facts: [string, string][] = [
    ['data as of', `${summary.startedAt} (${age(summary.startedAt, now)} ago)`],
    ['took', seconds(summary.durationSeconds)],
    ['size', `${bytes(summary.totalBytes)}, of which new ${bytes(summary.incrementalBytes)}`],
    ['state', stateOf(summary)],
    ...(manifest.skewSeconds === undefined
      ? []
      : [['stores', `${manifest.skewSeconds.toFixed(1)} s apart`] satisfies [string, string]]),
    ['capture', manifest.capture ? `encrypted, ${bytes(manifest.capture.bytes)}` : 'none'],
    ...(manifest.adopted
      ? [['adopted', `${manifest.adopted.at}, taken by ${manifest.adopted.takenBy}`] satisfies [string, string]]
      : []),
    ['run', manifest.run],
    ...(manifest.reason === undefined ? [] : [['taken', manifest.reason] satisfies [string, string]]),
    ['platform file', manifest.platformFileHash],
  ];
  const stores = manifest.stores.flatMap((store) => [
    '',
    `Store ${store.store}: ${store.snapshot} in ${store.repository}`,
    `  ${store.indices} indices, ${number(store.documents)} documents, ${store.shards} shards, ${bytes(store.totalBytes)} (+${bytes(store.incrementalBytes)})`,
    `  ${describeFeatures(store)}`,
    `  taken by the cluster ${store.clusterUuid ?? unknown}`,
    ...table((indices[store.store] ?? []).map(indexRow), { indent: '    ' }),
  ]);
  const streams = (manifest.streams ?? []).flatMap(({ store, kind, parts, totalBytes, dataBytes, moment }) => [
    '',
    `Store ${store}: ${parts.length} parts of ${storeKinds[kind].title}, in the catalogue`,
    `  ${bytes(totalBytes)} as they are stored, of ${bytes(dataBytes)} on its disk; data as of ${moment.from}`,
    ...table(
      parts.map((part) => [part.part, bytes(part.bytes)]),
      { indent: '    ' },
    ),
  ]);
  const missing = (manifest.missing ?? []).flatMap(({ store, reason }) => [
    '',
    `Store ${store}: not in this point (optional): ${reason}`,
  ]);
  const images = Object.entries(manifest.images).map(([service, image]) => [service, image.reference, image.digest]);
  return [
    `Recovery point ${summary.id} (${snapshotOf(summary)})`,
    ...table(facts, { indent: '  ' }),
    ...stores,
    ...streams,
    ...missing,
    ...(images.length > 0 ? ['', 'Images', ...table(images, { indent: '  ' })] : []),
    ...(markers.length > 0 ? ['', 'Markers', ...table(markers.map(markerRow), { indent: '  ' })] : []),
  ].join('\n');
}

const markerRow = ({ marker, at, run, note = '' }: PointInFull['markers'][number]) => [marker, at, run, note];

function indexRow({ name, state, primaries, documents, uncounted }: ExpectedIndex): string[] {
  const count =
    documents === undefined
      ? `count not known${uncounted === undefined ? '' : `: ${uncounted}`}`
      : documents.atLeast === documents.atMost
        ? `${number(documents.atLeast)} documents`
        : `at least ${number(documents.atLeast)} documents`;
  return [name, state, `${primaries} primaries`, count];
}

/** What was adopted, and what was not and why. */
export function renderAdoptions({ adopted, notAdopted }: Adoptions): string {
  return [
    adopted.length === 0 ? 'nothing new was adopted' : `adopted ${adopted.length}:`,
    ...table(
      adopted.map(({ id, snapshot }) => [id, `snapshot ${snapshot}`]),
      { indent: '  ' },
    ),
    ...(notAdopted.length > 0 ? [`not adopted ${notAdopted.length}:`] : []),
    ...table(
      notAdopted.map(({ snapshot, reason }) => [snapshot, reason]),
      { indent: '  ' },
    ),
  ].join('\n');
}

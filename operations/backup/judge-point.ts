import { passed, warned, type Check } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';
import { judgeContent } from '../../domain/recovery-points/judge-content.ts';
import { judgeStreams, type StreamContent } from '../../domain/streams/judge-streams.ts';
import type { ExpectedSet, RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { chooseReadable } from '../recovery-points/choose-readable.ts';
import { readExpectedSetOf } from '../recovery-points/read-point.ts';
import { streamContents } from '../streams/published.ts';

/**
 * Compares what a new recovery point holds with the newest good one, or with `restored`: after a restore its content is
 * what a person approved. A check for each store; one that failed makes the point suspect.
 */
export async function judgePoint(
  open: Pick<OpenPlatform, 'catalogue' | 'platform'>,
  point: RecoveryPointId,
  {
    snapshots,
    streams = [],
  }: { snapshots: readonly Pick<ExpectedSet, 'store' | 'indices'>[]; streams?: StreamContent[] },
  restored?: RecoveryPointId,
): Promise<Check[]> {
  const { platform, backup } = open.platform;
  const before = await contentBefore(open, point, restored);
  if ('check' in before) return [before.check];
  const subject = { platform, point, mayShrink: backup.mayShrinkPercent };
  const ofSnapshots = snapshots.map((now) => {
    const held = before.stores.find(({ store }) => store === now.store);
    if (!held) return passed(`content ${now.store}`, `${before.point} holds no store of this name to compare with`);
    return judgeContent(subject, now, { point: before.point, indices: held.indices });
  });
  return [...ofSnapshots, ...streams.map((now) => judgeStreams(subject, now, before))];
}

type Content = { point: RecoveryPointId; stores: ExpectedSet[]; streams: StreamContent[] } | { check: Check };

async function contentBefore(
  open: Pick<OpenPlatform, 'catalogue' | 'platform'>,
  point: RecoveryPointId,
  restored: RecoveryPointId | undefined,
): Promise<Content> {
  const choice = restored === undefined ? { latest: true as const } : { id: restored };
  try {
    const { manifest, read } = await chooseReadable(
      open,
      choice,
      async ({ stores, streams }) => ({
        stores: await Promise.all(stores.map((store) => readExpectedSetOf(open, store))),
        streams: await streamContents(open, streams),
      }),
      { but: point },
    );
    return { point: manifest.id, ...read };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.kind === 'RecoveryPointNotFound')
      return { check: passed('content', 'There is no earlier good recovery point to compare with') };
    if (error.kind !== 'CatalogueRefused') throw error;
    // The new point is the only one that is whole: it must not be held back for the damage of the others.
    return { check: warned('content', `Not compared with an earlier one: ${error.message}`, error.remedy) };
  }
}

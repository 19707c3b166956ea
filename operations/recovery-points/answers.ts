import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { acceptPoint, type Word } from './accept.ts';
import { personOf, pin, unpin } from './pins.ts';
import { pointNamed } from './point-choice.ts';

/** What became of a person's word about a recovery point. */
export interface PointReply {
  /** One line for people. */
  answer: string;
  platform: string;
  point: RecoveryPointId;
  /** False: it was so already. */
  changed: boolean;
}

type Open = Pick<OpenPlatform, 'catalogue' | 'platform'>;

/** `name`: also `latest` and `proven`. Failures: those of `pointNamed` and `pin`. */
export async function pinByPerson(open: Open, name: string, by: string): Promise<PointReply & { by: string }> {
  const point = await pointNamed(open, name);
  const { pinned: changed } = await pin(open.catalogue, point, personOf(by));
  const answer = changed ? `${point} is pinned by ${by}: no prune removes it` : `${point} was pinned by ${by} already`;
  return { answer, platform: open.platform.platform, point, by, changed };
}

/** Takes people's pins back, with `all` also those of runs. Failures: as of `pinByPerson`. */
export async function unpinByPerson(
  open: Open,
  name: string,
  { all }: { all: boolean },
): Promise<PointReply & { unpinned: string[]; left: string[] }> {
  const point = await pointNamed(open, name);
  const { unpinned, left } = await unpin(open.catalogue, point, { all });
  const changed = unpinned.length > 0;
  const done = changed
    ? `${point} is no longer pinned by ${unpinned.join(', ')}`
    : `nobody's pin of ${point} was taken back`;
  const others = `still pinned by ${left.join(', ')}: a run takes its pin back when it ends; "--all" does it now`;
  const answer = left.length > 0 ? `${done}\n${others}` : done;
  return { answer, platform: open.platform.platform, point, changed, unpinned, left };
}

/** Failures: those of `acceptPoint`. */
export async function acceptByPerson(
  { catalogue, platform: { platform } }: Open,
  point: RecoveryPointId,
  word: Word,
): Promise<PointReply & Word & { suspectFor: string }> {
  const { accepted: changed, suspectFor } = await acceptPoint(catalogue, point, word);
  const answer = changed
    ? `${point} is accepted by ${word.by} and counts like any other from now on. It was suspect: ${suspectFor}`
    : `${point} was accepted already`;
  return { answer, platform, point, ...word, suspectFor, changed };
}

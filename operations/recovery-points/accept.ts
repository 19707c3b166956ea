import { Failure } from '../../domain/failures.ts';
import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { Catalogue } from '../../systems/catalogue/catalogue.ts';
import { personOf, pointOf } from './pins.ts';

/** A person's word, kept in the catalogue. */
export interface Word {
  by: string;
  reason: string;
}

/**
 * Accepts a suspect recovery point: from then on it counts like any other. Repeated, it changes nothing. Failures:
 * RecoveryPointNotFound; InvalidArgument when the point is not suspect, or the reason is empty.
 */
export async function acceptPoint(
  catalogue: Catalogue,
  id: RecoveryPointId,
  word: Word,
): Promise<{ accepted: boolean; suspectFor: string }> {
  demandReason(word);
  await pointOf(catalogue, id);
  const found = await catalogue.findPoint(id);
  const noteOf = (wanted: string) => found?.markers.find(({ marker }) => marker === wanted)?.note;
  const suspectFor = noteOf('suspect');
  if (suspectFor === undefined)
    throw new Failure('InvalidArgument', {
      message: `The recovery point "${id}" is not suspect, so there is nothing to accept`,
      remedy: 'Choose one that "rekindle points" lists as suspect',
    });
  if (noteOf('accepted') !== undefined) return { accepted: false, suspectFor };
  await catalogue.mark(id, 'accepted', {
    at: new Date().toISOString(),
    run: personOf(word.by),
    note: word.reason.trim(),
  });
  return { accepted: true, suspectFor };
}

/** Failure: InvalidArgument. */
export function demandReason({ reason }: Word): void {
  if (reason.trim() !== '') return;
  throw new Failure('InvalidArgument', {
    message: 'The reason is empty',
    remedy: 'Say with --reason why it is as it should be: the catalogue keeps it',
  });
}

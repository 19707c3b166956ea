import { Failure } from '../../domain/failures.ts';
import type { PointChoice, RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { RestoreInput } from '../../domain/runs/run.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { chooseReadable } from './choose-readable.ts';

/**
 * The id of the point that a person names: `latest` and `proven` mean what a restore would choose; an id is taken as it
 * is. Failures: those of `chooseReadable`.
 */
export async function pointNamed(
  open: Pick<OpenPlatform, 'catalogue' | 'platform'>,
  point: string,
): Promise<RecoveryPointId> {
  const choice = choiceOf({ point });
  return 'id' in choice ? choice.id : (await chooseReadable(open, choice, () => Promise.resolve())).point.id;
}

/** Failure: InvalidArgument for a time that is none. */
export function choiceOf({ point, before }: Pick<RestoreInput, 'point' | 'before'>): PointChoice {
  if (before !== undefined) {
    const time = new Date(before);
    if (Number.isNaN(time.getTime()))
      throw new Failure('InvalidArgument', {
        message: `"${before}" is not a time`,
        remedy: 'Write it as ISO 8601 in UTC, for instance 2026-11-21T09:30:00Z',
      });
    return { before: time.toISOString() };
  }
  if (point === undefined || point === 'latest') return { latest: true };
  return point === 'proven' ? { proven: true } : { id: point };
}

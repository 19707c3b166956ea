import type { Plan } from '../../domain/plans/plan.ts';
import { planScrub } from '../../domain/plans/plan-scrub.ts';
import type { ScrubInput } from '../../domain/runs/run.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { pointOf } from '../recovery-points/pins.ts';
import { pointNamed } from '../recovery-points/point-choice.ts';
import { withHash } from '../with-hash.ts';

/** Plans a scrub as of now. Failure: RecoveryPointNotFound. */
export async function prepareScrub(open: OpenPlatform, { point, extent = 'all' }: ScrubInput): Promise<Plan> {
  const { platform, fileHash: platformFileHash, host } = open;
  const scope = point === undefined ? extent : { point: await pointNamed(open, point) };
  if (typeof scope !== 'string') await pointOf(open.catalogue, scope.point);
  const startedAt = `${new Date().toISOString().slice(0, 19)}Z`;
  return withHash(planScrub({ platform, platformFileHash, host, scope, startedAt }));
}

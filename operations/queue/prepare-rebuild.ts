import { planRebuild } from '../../domain/plans/plan-rebuild.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import type { RebuildInput } from '../../domain/runs/run.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { withHash } from '../with-hash.ts';

export function prepareRebuild({ platform, fileHash, host }: OpenPlatform, input: RebuildInput): Plan {
  const { store: only, removeExtra } = input;
  return withHash(planRebuild({ platform, platformFileHash: fileHash, host, only, removeExtra }));
}

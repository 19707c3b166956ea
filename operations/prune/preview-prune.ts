import { planPrune } from '../../domain/plans/plan-prune.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { withHash } from '../with-hash.ts';
import { assessRetention, type RetentionAssessment } from './assess-retention.ts';
import { foreignSnapshots, type ForeignSnapshots } from './foreign-snapshots.ts';

/** What `prune --dry-run` shows; made without Temporal. */
export interface PrunePreview {
  assessment: RetentionAssessment;
  /** Without what runs kept for a rollback: only Temporal knows which of them are over. */
  plan: Plan;
  foreign: ForeignSnapshots[];
}

/** Nothing is changed. Failures: those of the catalogue's storage. */
export async function previewPrune(open: OpenPlatform): Promise<PrunePreview> {
  const [assessment, foreign] = await Promise.all([
    assessRetention(open, { running: new Set() }),
    foreignSnapshots(open),
  ]);
  const { platform, fileHash: platformFileHash, host } = open;
  const { removals, halfRemoved } = assessment;
  const plan = withHash(planPrune({ platform, platformFileHash, host, removals, halfRemoved, runs: [] }));
  return { assessment, plan, foreign };
}

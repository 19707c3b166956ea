import type { OpenPlatform } from '../open-platform.ts';
import { assessRetention, type RetentionAssessment } from './assess-retention.ts';
import { foreignSnapshots, type ForeignSnapshots } from './foreign-snapshots.ts';

/** What `prune --dry-run` shows; made without Temporal. */
export interface PrunePreview {
  assessment: RetentionAssessment;
  foreign: ForeignSnapshots[];
}

/** Nothing is changed. Failures: those of the catalogue's storage. */
export async function previewPrune(open: OpenPlatform): Promise<PrunePreview> {
  const [assessment, foreign] = await Promise.all([
    assessRetention(open, { running: new Set() }),
    foreignSnapshots(open),
  ]);
  return { assessment, foreign };
}

import type { Announcement, RunEnd } from '../../../domain/notifications/announcement.ts';
import { documentOf } from '../../../domain/notifications/notification.ts';
import type { RunOutcome } from '../../../domain/runs/outcome.ts';

export const run = 'backup/nuvla/2026-11-21T09:30:00Z';
export const times = { startedAt: '2026-11-21T09:30:00.000Z', finishedAt: '2026-11-21T09:30:42.000Z' };
export const partial = {
  kind: 'SnapshotPartial',
  message: 'shard 2 of nuvla-job\n  failed',
  remedy: 'look at the node',
};
export const end = (change: Partial<RunEnd> = {}): RunEnd => ({
  what: 'end',
  run,
  kind: 'backup',
  phase: 'passed',
  ...times,
  recoveryPoint: '2026-11-21t0930z',
  ...change,
});
export const bad = end({ phase: 'failed', failure: partial });
export const told = (announcement: Announcement, failedBefore?: Pick<RunOutcome, 'run' | 'finishedAt' | 'failure'>) =>
  documentOf({
    platform: 'nuvla',
    announcement,
    failedBefore,
    links: {
      temporal: (id) => `https://ui.example/${id}`,
      page: { run: (id) => `https://page.example/${id}`, platform: (name) => `https://page.example/${name}` },
    },
  });

import type { RetentionPolicy } from '../../../domain/platform.ts';
import type { RecoveryPointSummary } from '../../../domain/recovery-points/recovery-point.ts';

export const now = '2026-11-21T12:00:00.000Z';
export const dayMs = 86_400_000;
export const context = { now, running: new Set<string>() };

export function point(startedAt: string, change: Partial<RecoveryPointSummary> = {}): RecoveryPointSummary {
  return {
    id: startedAt.toLowerCase(),
    startedAt,
    durationSeconds: 10,
    totalBytes: 1000,
    incrementalBytes: 10,
    indices: 3,
    documents: 100,
    pinned: false,
    bad: false,
    deleting: false,
    ...change,
  };
}

export const policy = (change: Partial<RetentionPolicy> = {}): RetentionPolicy => ({
  hourly: 0,
  daily: 0,
  weekly: 0,
  monthly: 0,
  yearly: 0,
  minimumCount: 1,
  ...change,
});

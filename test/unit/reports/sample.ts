import type { RunReport } from '../../../domain/reports/run-report.ts';
import { startProgress } from '../../../domain/runs/progress.ts';

export const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 9, 30, seconds)).toISOString();

/** A restore that passed after 40 s, 25 s of them without service, from a point that was ten minutes old. */
export function passedRestore(changed: Partial<RunReport> = {}): RunReport {
  return {
    ...startProgress('restore/nuvla/1', 'restore', 'nuvla', at(0)),
    phase: 'passed',
    verdict: 'pass',
    finishedAt: at(40),
    startedBy: { how: 'command line', name: 'ann@host' },
    recoveryPoint: { id: '2026-11-21t0920z', startedAt: at(-600) },
    planHash: 'f'.repeat(64),
    approvals: [{ by: 'ann@host', at: at(8), how: 'update' }],
    waits: [{ for: 'approval', startedAt: at(3), finishedAt: at(8) }],
    forecast: { downtimeSeconds: 20, basis: 'from 2 earlier', lost: [] },
    pointOfNoReturn: { step: 'quarantine', passedAt: at(12) },
    steps: [
      { id: 'stop', action: 'stopService', title: 'Stop es', status: 'done', startedAt: at(10), finishedAt: at(12) },
      {
        id: 'quarantine',
        action: 'quarantineVolume',
        title: 'Set aside <esdata> & more',
        status: 'done',
        startedAt: at(12),
        finishedAt: at(13),
      },
      { id: 'start', action: 'startService', title: 'Start es', status: 'done', startedAt: at(13), finishedAt: at(35) },
      { id: 'smoke', action: 'smokeCheck', title: 'Never begun', status: 'waiting' },
    ],
    checks: [
      { name: 'indices', verdict: 'pass', evidence: '3 of 3', remedy: '' },
      { name: 'disk', verdict: 'pass', evidence: 'little | room', remedy: 'make room', warning: true },
    ],
    ...changed,
  };
}

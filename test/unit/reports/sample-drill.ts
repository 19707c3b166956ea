import type { RunReport } from '../../../domain/reports/run-report.ts';
import { startProgress, type StepState } from '../../../domain/runs/progress.ts';
import { at } from './sample.ts';

const step = (id: string, action: StepState['action'], title: string, from: number, to: number): StepState => ({
  id,
  action,
  title,
  status: 'done',
  startedAt: at(from),
  finishedAt: at(to),
});

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

/** A drill that passed after 42 s, its copy up and verified after 29 s of them, from a point that was forty minutes old. */
export function passedDrill(changed: Partial<RunReport> = {}): RunReport {
  return {
    format: 'rekindle-report/1',
    ...startProgress('drill/nuvla/2026-11-21T09:30:00Z', 'drill', 'nuvla', at(0)),
    phase: 'passed',
    verdict: 'pass',
    finishedAt: at(42),
    startedBy: { how: 'schedule', name: 'rekindle/nuvla/drill' },
    recoveryPoint: { id: '2026-11-21t0850z', startedAt: at(-2400) },
    provenAt: at(41),
    planHash: 'eea34d701fced08f7676e4fa6458e32a2a32ae2edb9afbe7cbb6c8743d28efa1',
    platformFileHash: '094c57d0a109a2ba327c4169a2027bdc3606b710b6f51052deac3c2814c08777',
    manifestHash: '5f0c1d7cbb2a64d6e22f9f7b26f8c1a04ad2a1c55a9a0cc0f1b5a1b0c8d3e9aa',
    objectives: { recoveryPointMinutes: 60, recoveryTimeMinutes: 15, provenWithinDays: 7 },
    writtenBy: { version: '0.1.0', node: '26.1.0', host: 'dr-1' },
    forecast: { downtimeSeconds: 25, basis: 'from 3 earlier', lost: [] },
    sources: {
      engines: { 'dr-1': '27.3.1' },
      elasticsearch: { documents: '8.15.3' },
      images: {
        elasticsearch: { reference: 'elasticsearch:8.15.3', digest: digest('a') },
        zookeeper: { reference: 'zookeeper:3.9', digest: digest('b') },
      },
    },
    steps: [
      step('leftovers', 'removeDrillLeftovers', 'remove drill leftovers', 2, 3),
      step('engine', 'recordEngine', 'record engine', 3, 3.2),
      step('open', 'openScene', 'open scene', 3.2, 5),
      step('start-es', 'startService', 'start service elasticsearch', 5, 8),
      step('start-zk', 'startService', 'start service zookeeper', 5, 8.5),
      step('await', 'awaitStore', 'await store documents', 8, 18),
      step('restore', 'restoreIndices', 'restore indices documents', 18, 30),
      { ...step('verify', 'verifyIndices', 'verify indices documents', 31, 34), firstStartedAt: at(30), attempts: 2 },
      step('close', 'closeScene', 'close scene', 35, 41),
    ],
    checks: [
      { name: 'memory', verdict: 'pass', evidence: '2.1 GB wanted, 9.8 GB available', remedy: '' },
      { name: 'indices documents', verdict: 'pass', evidence: '12 of 12 indices, 48,211 documents', remedy: '' },
      {
        name: 'missing audit',
        verdict: 'pass',
        evidence: 'The store audit is not in the recovery point 2026-11-21t0850z; what it holds now stays',
        remedy: 'To bring audit back too, choose a recovery point that holds it',
        warning: true,
      },
    ],
    ...changed,
  };
}

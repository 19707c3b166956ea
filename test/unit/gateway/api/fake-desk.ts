import type { Desk, RunLook } from '../../../../client/desk.ts';
import type { RunLine } from '../../../../client/runs.ts';
import { Failure } from '../../../../domain/failures.ts';
import type { Plan } from '../../../../domain/plans/plan.ts';
import { startProgress, type RunProgress } from '../../../../domain/runs/progress.ts';

export const restoreId = 'restore/nuvla/2026-11-21T09:30:00Z';
export const planHash = 'a'.repeat(64);
export const line: RunLine = {
  id: restoreId,
  kind: 'restore',
  platform: 'nuvla',
  status: 'running',
  phase: 'waiting for approval',
  verdict: '',
  startedAt: '2026-11-21T09:30:00.000Z',
};
export const waiting: RunProgress = {
  ...startProgress(restoreId, 'restore', 'nuvla', line.startedAt),
  phase: 'waiting for approval',
  planHash,
  approvalsNeeded: 1,
  startedBy: { how: 'page', name: 'ann' },
  forecast: {
    downtimeSeconds: 45,
    basis: 'from 3 earlier restores',
    lost: [{ store: 'documents', since: line.startedAt }],
  },
  steps: [{ id: 'stop-api', action: 'stopService', title: 'stop service api', status: 'waiting' }],
  checks: [{ name: 'images', verdict: 'pass', evidence: 'all there', remedy: '' }],
};
export const plan: Plan = {
  version: 1,
  kind: 'restore',
  platform: 'nuvla',
  host: 'machine',
  steps: [
    {
      id: 'stop-api',
      action: 'stopService',
      arguments: { service: 'api', containers: [], graceSeconds: 30 },
      after: [],
      undo: {
        action: 'startService',
        arguments: { service: 'api', containers: [], healthTimeoutSeconds: 60, settleSeconds: 2 },
      },
    },
  ],
  volumes: [],
  platformFileHash: 'f'.repeat(64),
  hash: planHash,
};

export interface FakeDesk extends Desk {
  /** What it was asked to do: `approve restore/nuvla/… {"by":"ann",…}`. */
  journal: string[];
  progress: RunProgress;
  look: (run: string) => Promise<RunLook>;
  /** Every request fails with it. */
  failure?: Failure;
}

const noRun = (reference: string) =>
  new Failure('RunNotFound', {
    message: `There is no run and no platform with runs called "${reference}"`,
    remedy: '"rekindle runs" lists them',
  });

/** A desk with one restore, which waits for approval. */
export function fakeDesk(): FakeDesk {
  const journal: string[] = [];
  const runs = new Set([restoreId]);
  const known = (reference: string) => {
    if (desk.failure) throw desk.failure;
    if (reference !== 'nuvla' && !runs.has(reference)) throw noRun(reference);
  };
  const later = <T>(work: () => T): Promise<T> => Promise.resolve().then(work);
  const word = (name: string) => (reference: string, said: object) =>
    later(() => {
      known(reference);
      journal.push(`${name} ${reference} ${JSON.stringify(said)}`);
      return { run: restoreId, answer: `${name}: done` };
    });
  const desk: FakeDesk = {
    journal,
    progress: waiting,
    pollEveryMs: 10,
    start: (kind, input) =>
      later(() => {
        if (desk.failure) throw desk.failure;
        journal.push(`start ${kind} ${JSON.stringify(input)}`);
        const run = `${kind}/${input.platform}/2026-11-21T09:31:00Z`;
        runs.add(run);
        return run;
      }),
    find: (reference) => later(() => (known(reference), line)),
    look: () => later(() => ({ progress: desk.progress, pending: [], cutOff: false })),
    plan: () => later(() => plan),
    proposal: (reference) => later(() => (known(reference), { progress: desk.progress, plan })),
    runs: () => later(() => [line]),
    quarantines: (platform = 'nuvla') =>
      later(() => [
        {
          ...(known(platform), {}),
          quarantine: `quarantine/${restoreId}`,
          run: restoreId,
          platform: 'nuvla',
          startedAt: line.startedAt,
          phase: 'quarantined',
          volumes: ['nuvla_es-data'],
          bytes: 1000,
          releaseAt: '2026-11-24T09:30:00.000Z',
        } as const,
      ]),
    approve: word('approve'),
    reject: word('reject'),
    decide: word('decide'),
    cancel: word('cancel'),
    rollback: word('rollback'),
    release: word('release'),
    closed: () => Promise.resolve(),
  };
  return desk;
}

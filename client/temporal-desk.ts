import type { Client } from '@temporalio/client';
import { restoreOf, type QuarantineSeen } from '../domain/runs/quarantine-seen.ts';
import type { Sealer } from '../domain/seal.ts';
import * as messages from '../workflows/messages.ts';
import { answered } from './answers.ts';
import { isOutOfReach } from '../config/temporal/refusals.ts';
import { assertCancellable, assertTyped, onlyPendingStep } from './decision.ts';
import type { Desk, Reply, RunLook } from './desk.ts';
import { findQuarantine, openQuarantines } from './find-quarantine.ts';
import { findRun, type FoundRun } from './find-run.ts';
import { lookAtRun } from './pending.ts';
import { sealed } from './sealed.ts';
import { askProgress, listRuns, startRun, type RunLine } from './runs.ts';

const answerWithinMs = 5000;

export interface DeskOptions {
  client: Client;
  taskQueue: string;
  /** Of a gateway that knows who speaks: it vouches for the name. */
  sealer?: Sealer | undefined;
}

export function temporalDesk({ client, taskQueue, sealer }: DeskOptions): Desk {
  const handleOf = (run: string) => client.workflow.getHandle(run);
  const within = <T>(work: () => Promise<T>) => client.connection.withDeadline(Date.now() + answerWithinMs, work);
  async function told(run: FoundRun, word: (run: FoundRun) => Promise<string>): Promise<Reply> {
    return { run: run.id, answer: await answered(client, run, () => word(run)) };
  }
  return {
    pollEveryMs: 300,
    start: async (kind, input) => (await startRun(client, kind, taskQueue, input)).workflowId,
    find: async (reference, wanted) => {
      const { handle: _, ...line } = await findRun(client, reference, wanted);
      return line;
    },
    async look(run): Promise<RunLook> {
      const handle = handleOf(run);
      // In this order: who reads that a run has ended reads its end.
      const progress = await askProgress(client, handle);
      try {
        const { pending, cutOff } = await within(() => lookAtRun(client, handle));
        return { progress, pending, cutOff, ...(progress === undefined && { silent: 'no worker' }) };
      } catch (error) {
        if (!isOutOfReach(error)) throw error;
        return { silent: 'Temporal', cutOff: false };
      }
    },
    plan: (run) => within(() => handleOf(run).query(messages.plan)),
    async proposal(reference) {
      const run = await findRun(client, reference, 'waiting for approval');
      const ask = <T>(question: () => Promise<T>) => answered(client, run, question);
      const progress = await ask(() => run.handle.query(messages.progress));
      return { progress, plan: await ask(() => run.handle.query(messages.plan)) };
    },
    runs: ({ platform, limit }) => listRuns(client, { platform, limit }),
    async quarantines(platform) {
      return Promise.all((await openQuarantines(client, platform)).map((line) => quarantineSeen(client, line)));
    },
    approve: async (reference, { planHash, platform, by }) => {
      const run = await findRun(client, reference, 'waiting for approval');
      assertTyped(run, platform);
      return told(run, async ({ handle }) => {
        const word = await sealed(handle, 'approve', { planHash, by }, sealer);
        return handle.executeUpdate(messages.approve, { args: [word] });
      });
    },
    reject: async (reference, said) =>
      told(await findRun(client, reference, 'waiting for approval'), async ({ handle }) => {
        const word = await sealed(handle, 'reject', said, sealer);
        return handle.executeUpdate(messages.reject, { args: [word] });
      }),
    decide: async (reference, { step, choice, by }) =>
      told(await findRun(client, reference, 'waiting for decision'), async ({ handle }) => {
        const meant = step ?? onlyPendingStep(await handle.query(messages.progress));
        const word = await sealed(handle, 'decide', { step: meant, choice, by }, sealer);
        return handle.executeUpdate(messages.decide, { args: [word] });
      }),
    cancel: async (reference) =>
      told(await findRun(client, reference), async ({ handle, ...run }) => {
        assertCancellable(run);
        await handle.cancel();
        const then =
          run.kind === 'drill'
            ? 'it removes what it made'
            : 'before the point of no return it starts again what it stopped';
        return `${run.id} is asked to end; ${then}`;
      }),
    rollback: async (reference, said) =>
      told(await findQuarantine(client, reference), async ({ handle }) => {
        const word = await sealed(handle, 'rollback', said, sealer);
        return handle.executeUpdate(messages.rollback, { args: [word] });
      }),
    release: async (reference, said) =>
      told(await findQuarantine(client, reference), async ({ handle }) => {
        const word = await sealed(handle, 'release', said, sealer);
        return handle.executeUpdate(messages.release, { args: [word] });
      }),
    closed: async (run) => {
      await within(() => handleOf(run).result()).catch(() => undefined);
    },
  };
}

async function quarantineSeen(client: Client, { id, platform, startedAt }: RunLine): Promise<QuarantineSeen> {
  const progress = await askProgress(client, client.workflow.getHandle(id));
  const { volumes, bytes, releaseAt } = progress?.quarantine ?? {};
  const phase = progress?.phase ?? 'no worker answers';
  const { obstacle } = progress ?? {};
  return { quarantine: id, run: restoreOf(id), platform, startedAt, phase, volumes, bytes, releaseAt, obstacle };
}

import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError, WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { newsOf, newsOfGone, proposalState, type RunNews } from '../domain/incidents/run-news.ts';
import type { PlatformName } from '../domain/platform.ts';
import type { RunProgress } from '../domain/runs/progress.ts';
import { activity } from './activity.ts';
import { holderOf, isRunning } from './locks-and-schedules.ts';

const firstPauseMs = 500;
const longestPauseMs = 5000;
const answerWithinMs = 5000;

/** What incidents ask of Temporal about runs, through the worker's own connection. */
export const incidentRunActivities = {
  /** A run of that kind that has not ended. A proposal is known at once, other runs when Temporal lists them. */
  findOpenRun: activity(
    async ({ platform, kind }: { platform: PlatformName; kind: 'restore' | 'backup' }): Promise<string | undefined> => {
      const holders = [await holderOf(`proposal/${platform}`), await holderOf(`exclusive/${platform}`)];
      const holder = holders.find((one) => one?.workflowType === kind);
      if (holder) return holder.workflowId;
      const query = `WorkflowType = "${kind}" AND ExecutionStatus = "Running" AND RekindlePlatform = "${platform}"`;
      for await (const { workflowId } of Context.current().client.workflow.list({ query }))
        if (await isRunning(workflowId)) return workflowId;
      return undefined;
    },
  ),

  /** Answers when the run is no longer in the phase `known`. */
  awaitRunNews: activity(async ({ run, known }: { run: string; known: string }, { signal }): Promise<RunNews> =>
    polled(signal, () => newsNow(run, known)),
  ),

  /** Rejects a plan as soon as it waits for approval, unless people approved it. */
  withdrawProposal: activity(
    async (
      { run, by, reason }: { run: string; by: string; reason: string },
      { signal },
    ): Promise<'withdrawn' | 'approved' | 'ended'> => {
      const { workflow } = Context.current().client;
      const handle = workflow.getHandle(run);
      return polled(signal, async () => {
        const progress = await ask(handle);
        if (progress === undefined) return (await isRunning(run)) ? undefined : 'ended';
        const state = proposalState(progress);
        // An earlier attempt may have rejected it unheard.
        if (state === 'ended') return progress.rejection?.by === by ? 'withdrawn' : 'ended';
        if (state === 'approved') return state;
        if (state === 'not yet') return undefined;
        return (await isRejected(handle, { by, reason })) ? 'withdrawn' : undefined;
      });
    },
  ),
};

async function polled<T>(signal: AbortSignal, look: () => Promise<T | undefined>): Promise<T> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.1)) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(pauseMs, undefined, { signal });
  }
}

/** How a run ends that does not end by itself, and so has no last words. */
const cutOff: ReadonlySet<string> = new Set(['TERMINATED', 'TIMED_OUT']);
const phaseAttribute = defineSearchAttributeKey('RekindlePhase', SearchAttributeType.KEYWORD);

async function newsNow(run: string, known: string): Promise<RunNews | undefined> {
  const handle = Context.current().client.workflow.getHandle(run);
  try {
    const { status, typedSearchAttributes } = await handle.describe();
    const isOpen = status.name === 'RUNNING';
    if (isOpen && typedSearchAttributes.get(phaseAttribute) === known) return undefined;
    const progress = await ask(handle);
    if (isOpen) return progress === undefined || progress.phase === known ? undefined : newsOf(progress);
    // Its last words are still to be had, when a worker has time to answer.
    if (progress === undefined && !cutOff.has(status.name)) return undefined;
    const news = progress && newsOf(progress);
    const ended = news && proposalState(news) === 'ended';
    return ended ? news : newsOfGone(`it was ended in Temporal (${status.name.toLowerCase()})`);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return newsOfGone('Temporal does not know it any more');
    throw error;
  }
}

/** Undefined when no worker answers for the run, for now. */
async function ask(handle: WorkflowHandle): Promise<RunProgress | undefined> {
  const { connection } = Context.current().client;
  try {
    return await connection.withDeadline(Date.now() + answerWithinMs, () => handle.query<RunProgress>('progress'));
  } catch {
    return undefined;
  }
}

async function isRejected(handle: WorkflowHandle, word: { by: string; reason: string }): Promise<boolean> {
  try {
    await handle.executeUpdate<string, [typeof word]>('withdraw', { args: [word] });
    return true;
  } catch (error) {
    // Somebody approved it at this moment, or it has ended: the next look says which.
    if (error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

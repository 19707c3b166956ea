import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Verdict } from '../domain/checks.ts';
import type { RestoreEnd } from '../domain/fleet/outcome.ts';
import type { Surveyed } from '../domain/fleet/waves.ts';
import type { PlatformName } from '../domain/platform.ts';
import type { RunProgress } from '../domain/runs/progress.ts';
import { hashOfWave, planMember } from '../operations/fleet/plan-member.ts';
import { surveyPlatforms } from '../operations/fleet/survey.ts';
import type { Dependencies } from '../operations/open-platform.ts';
import { activity, onPlatform } from './activity.ts';

export interface FleetRun {
  run: string;
  execution?: string;
}

/** Those that end in the same moment are reported together. */
const togetherMs = 200;

/** What a fleet asks of Temporal, through the worker's own connection. */
export const fleetRunActivities = {
  hashOfWave: activity(({ text }: { text: string }): Promise<string> => Promise.resolve(hashOfWave(text))),

  /** Ends when some of the runs have ended, and says how. */
  awaitRestores: activity(
    async ({ runs }: { runs: FleetRun[] }, { signal }): Promise<{ run: string; end: RestoreEnd }[]> => {
      const ended: { run: string; end: RestoreEnd }[] = [];
      const watched = runs.map(async (run) => {
        ended.push({ run: run.run, end: await endOf(run) });
      });
      const aborted = new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      );
      await Promise.race([...watched, aborted]);
      await pause(togetherMs, undefined, { signal });
      return ended;
    },
  ),
};

export function fleetActivities(dependencies: Dependencies) {
  return {
    ...fleetRunActivities,

    surveyPlatforms: activity(({ platforms }: { platforms: PlatformName[] }, { signal }): Promise<Surveyed[]> =>
      surveyPlatforms(dependencies, platforms, signal),
    ),

    planMember: onPlatform(dependencies, planMember),
  };
}

async function endOf({ run, execution }: FleetRun): Promise<RestoreEnd> {
  const { workflow } = Context.current().client;
  try {
    const { phase, verdict, note } = (await workflow.getHandle(run, execution).result()) as RunProgress;
    return { phase, ...(verdict && { verdict }), ...(note !== undefined && { note }) };
  } catch (error) {
    if (error instanceof WorkflowFailedError) return { failure: failureIn(error, run) };
    if (error instanceof WorkflowNotFoundError)
      return { failure: { kind: 'RunFailed', message: `Temporal does not know ${run} any more` } };
    throw error;
  }
}

function failureIn({ cause }: WorkflowFailedError, run: string): { kind: string; message: string; verdict?: Verdict } {
  if (!(cause instanceof ApplicationFailure))
    return { kind: 'RunFailed', message: `${run} was ended in Temporal (${cause?.name ?? 'no reason is known'})` };
  const [detail] = (cause.details ?? []) as [{ verdict?: Verdict }?];
  const { type, message } = cause;
  return { kind: type ?? 'Internal', message, ...(detail?.verdict && { verdict: detail.verdict }) };
}

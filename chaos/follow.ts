import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { finalPhases, type RunProgress } from '../domain/runs/progress.ts';
import type { Ending } from './oracle.ts';
import { pause, type Program } from './processes.ts';
import type { World } from './world.ts';

const answerWithinMs = 3000;
const quietMs = 10_000;

/** The run that a case has started, seen from Temporal: whether worker or command line are alive or not. */
export interface FollowedRun {
  /** Undefined: not known yet. */
  id(): string | undefined;
  /** Undefined while nobody answers. */
  progress(): Promise<RunProgress | undefined>;
  /** Waits until the run ended or asks for a decision, at most `withinSeconds`. */
  settled(withinSeconds: number): Promise<Ending>;
}

/** `known`: the run's id, when it does not follow from what the command line says. */
export function followRun(
  world: World,
  command: Program,
  { kind, known }: { kind: string; known?: string },
): FollowedRun {
  const began = Date.now();
  let found = known;
  const id = () => (found ??= /\brun (\S+\/\S+)/.exec(command.output())?.[1]);
  const run: FollowedRun = {
    id,
    async progress() {
      const workflow = id();
      if (workflow === undefined) return undefined;
      return asked(world, (client) => client.workflow.getHandle(workflow).query<RunProgress>('progress'));
    },
    async settled(withinSeconds) {
      const deadline = Date.now() + withinSeconds * 1000;
      let last: RunProgress | undefined;
      let quietUntil: number | undefined;
      for (;;) {
        const workflow = id();
        const none: Ending = { state: 'none', exitCode: command.exitCode(), failure: command.output().slice(-500) };
        // It ended without telling a run: none was started, or Temporal died before it could say so.
        if (workflow === undefined && command.hasEnded()) {
          const listed = await asked(world, (client) => newestRun(client, kind, began));
          found = listed?.id;
          if (listed && found === undefined) return none;
        }
        const status = workflow === undefined ? undefined : await statusOf(world, workflow);
        const progress = await run.progress();
        last = progress ?? last;
        if (known !== undefined && command.hasEnded()) {
          // The workflow waits for messages: the answer has not reached it, though it had the time.
          const idle = status === 'RUNNING' && progress?.steps.every((step) => step.status === 'waiting');
          if (status === 'NOT_FOUND' || (idle === true && Date.now() > (quietUntil ??= Date.now() + quietMs)))
            return none;
        }
        if (status === 'RUNNING' && progress?.phase === 'waiting for decision') return endingOf('waits', progress);
        // A quarantine outlives its rollback.
        if (status === 'RUNNING' && progress?.kind === 'quarantine' && finalPhases.has(progress.phase))
          return endingOf('ended', progress);
        if (status !== undefined && status !== 'RUNNING' && status !== 'NOT_FOUND' && progress)
          return endingOf('ended', progress);
        if (Date.now() > deadline) return endingOf('runs', last);
        await pause(0.5);
      }
    },
  };
  return run;
}

/** The list lags behind a little: asked again after a pause. */
async function newestRun(client: Client, kind: string, since: number): Promise<{ id?: string }> {
  await pause(1);
  for await (const { workflowId, startTime } of client.workflow.list({ query: `WorkflowType = "${kind}"` }))
    if (startTime.getTime() >= since - 1000) return { id: workflowId };
  return {};
}

function endingOf(state: Ending['state'], progress: RunProgress | undefined): Ending {
  const { phase, verdict, failure, pendingDecisions, checks } = progress ?? {};
  const bad = checks?.filter((check) => check.verdict !== 'pass').map(({ name, evidence }) => `${name}: ${evidence}`);
  const words = [
    failure?.message,
    ...(pendingDecisions ?? []).map((pending) => pending.failure.message),
    ...(bad ?? []),
  ];
  return { state, phase, verdict, failure: words.filter((text) => text !== undefined).join('; ') };
}

async function statusOf(world: World, workflow: string): Promise<string | undefined> {
  return asked(world, async (client) => {
    try {
      return (await client.workflow.getHandle(workflow).describe()).status.name;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'NOT_FOUND';
      throw error;
    }
  });
}

/** Undefined when neither Temporal nor, for a query, a worker answers. */
async function asked<T>(world: World, ask: (client: Client) => Promise<T>): Promise<T | undefined> {
  try {
    const client = await world.client();
    return await client.connection.withDeadline(Date.now() + answerWithinMs, () => ask(client));
  } catch {
    return undefined;
  }
}

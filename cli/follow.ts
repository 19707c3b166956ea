import { setTimeout as pause } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { redactWords } from '../config/redaction.ts';
import { Failure } from '../domain/failures.ts';
import { finalPhases, type RunProgress } from '../domain/runs/progress.ts';
import { exitCodeOfRun } from './exit-codes.ts';
import type { Output } from './output.ts';
import { interruption } from './interruption.ts';
import { lookAtRun, type PendingActivity } from '../client/pending.ts';
import { renderRun } from './render/progress.ts';
import { renderDecisions, renderEnd } from './render/report.ts';
import { wrap } from './render/text-width.ts';
import { elapsed } from '../domain/units.ts';
import { askProgress } from '../client/runs.ts';
import { isOutOfReach } from '../client/connection.ts';

const askEveryMs = 300;
const answerWithinMs = 5000;

export interface FollowOptions {
  /** Ends following when the run waits for a person; else it goes on until the run's end. */
  untilPerson?: boolean;
  /** Called with each new state, for `watch --json`. */
  onChange?: (progress: RunProgress) => void;
}

/**
 * Follows a run to its end, or until it waits for a person, and shows it: a block that redraws itself on a terminal,
 * a line per change elsewhere. Ctrl-C and SIGTERM end the following, never the run.
 */
export async function follow(
  client: Client,
  handle: WorkflowHandle,
  output: Output,
  options: FollowOptions = {},
): Promise<RunProgress> {
  const interrupt = interruption(handle.workflowId);
  const tell = lineTeller(output);
  let before = '';
  let last: { progress: RunProgress; pending: PendingActivity[] } | undefined;
  try {
    for (;;) {
      const progress = await Promise.race([askProgress(client, handle), interrupt.happened]);
      const look = await Promise.race([lookIfReached(client, handle), interrupt.happened]);
      const pending = look?.pending;
      if (look?.cutOff && !(progress && finalPhases.has(progress.phase))) throw cutOff(handle.workflowId);
      if (progress === undefined || pending === undefined) {
        const who = pending === undefined ? 'Temporal does not answer' : 'no worker answers';
        const how = pending === undefined ? 'it goes on when Temporal is back' : 'it waits for one ("rekindle worker")';
        const line = `${who} for ${handle.workflowId}; ${how}; Ctrl-C ends the waiting, never the run`;
        show(output, last, line);
        tell.silence(line);
      } else {
        tell.answered();
        const text = JSON.stringify(progress);
        if (text !== before) options.onChange?.(progress);
        before = text;
        last = { progress, pending };
        show(output, last);
        tell.changes(progress, pending);
        const waits = progress.phase === 'waiting for approval' || progress.phase === 'waiting for decision';
        if (finalPhases.has(progress.phase) || (waits && options.untilPerson === true)) {
          output.settle();
          return progress;
        }
      }
      await Promise.race([pause(askEveryMs), interrupt.happened]);
    }
  } finally {
    interrupt.forget();
  }
}

/** Undefined while Temporal itself is out of reach: the run goes on, and so does the following. */
async function lookIfReached(
  client: Client,
  handle: WorkflowHandle,
): Promise<Awaited<ReturnType<typeof lookAtRun>> | undefined> {
  try {
    return await client.connection.withDeadline(Date.now() + answerWithinMs, () => lookAtRun(client, handle));
  } catch (error) {
    if (isOutOfReach(error)) return undefined;
    throw error;
  }
}

function cutOff(run: string): Failure {
  return new Failure('RunFailed', {
    message: `${run} was terminated in Temporal, or timed out there; it could neither undo anything nor write a report`,
    remedy: `See what it left ("rekindle check" shows it), then start again; the next backup clears what a backup left`,
  });
}

/** Follows to the end, prints the verdict, and answers with the exit code. */
export async function followToEnd(
  client: Client,
  handle: WorkflowHandle,
  output: Output,
  options: FollowOptions = {},
): Promise<number> {
  return concludeFollowing(client, handle, output, await follow(client, handle, output, options), options);
}

/** What is shown when the following of a run is over: its last state as the document, the verdict for people. */
export async function concludeFollowing(
  client: Client,
  handle: WorkflowHandle,
  output: Output,
  progress: RunProgress,
  options: FollowOptions = {},
): Promise<number> {
  // The workflow closes a moment after its last phase: who asks Temporal next must find it closed. The report that it
  // still writes may wait for a catalogue that is away; the person here must not.
  // A quarantine outlives its rollback.
  const ended = finalPhases.has(progress.phase) && progress.kind !== 'quarantine';
  if (ended)
    await client.connection.withDeadline(Date.now() + answerWithinMs, () => handle.result()).catch(() => undefined);
  // With its notes since then: whom it could not notify.
  const last = (ended ? await askProgress(client, handle).catch(() => undefined) : undefined) ?? progress;
  if (!options.onChange) output.document(last);
  output.say(renderEnd(last, output));
  return exitCodeOfRun(last);
}

/** `trouble`: why what is shown is the last that was known. */
function show(
  output: Output,
  known: { progress: RunProgress; pending: PendingActivity[] } | undefined,
  trouble?: string,
): void {
  // Before anything is cut off: half of a secret is not recognised any more.
  const safe = known && redactWords(known);
  output.redraw((size) =>
    safe
      ? renderRun(safe.progress, safe.pending, output, { ...size, now: Date.now(), trouble })
      : wrap(trouble ?? '', size.width)
          .slice(0, size.height)
          .join('\n'),
  );
}

/** Plain lines for logs: each step once when it starts to wait on something, fails or ends. */
function lineTeller(output: Output) {
  const said = new Set<string>();
  let silence = '';
  const once = (key: string, line: string) => {
    if (output.interactive || said.has(key)) return;
    said.add(key);
    output.say(line);
  };
  return {
    /** No answer: also reported with `--json`, which would otherwise stay silent as long as that lasts. */
    silence(line: string) {
      if (!output.interactive && silence !== line) output.note(line);
      silence = line;
    },
    /** So that the next silence is reported again. */
    answered() {
      silence = '';
    },
    changes(progress: RunProgress, pending: readonly PendingActivity[]) {
      once(`run ${progress.run}`, `run ${progress.run}`);
      const ended = progress.steps.filter(({ finishedAt }) => finishedAt !== undefined);
      for (const step of ended.toSorted((a, b) => (a.finishedAt ?? '').localeCompare(b.finishedAt ?? '')))
        once(
          `${step.id} ${step.finishedAt ?? ''} ${step.status}`,
          `${step.finishedAt?.slice(11, 19) ?? ''} ${step.status} ${step.title} (${elapsed(step.startedAt, step.finishedAt, 0)}) ${step.summary ?? ''}`.trimEnd(),
        );
      for (const activity of pending) {
        const { step, title, attempt, maximumAttempts, lastFailure, progress: inside } = activity;
        const name = progress.steps.find(({ id }) => id === step)?.title ?? title;
        if (lastFailure !== undefined)
          once(
            `${step} ${lastFailure}`,
            `waiting: ${name}, attempt ${attempt} of at most ${maximumAttempts}: ${lastFailure}`,
          );
        else if (inside?.unit === 'seconds')
          once(`${step} waits`, `waiting: ${name}, for at most ${inside.total} s: ${inside.note}`);
      }
      const { phase, note = '', pendingDecisions } = progress;
      if (phase === 'waiting for decision')
        once(
          `${phase} ${pendingDecisions.map(({ step }) => step).join(' ')}`,
          [phase, ...renderDecisions(progress)].join('\n'),
        );
      else once(`${phase} ${note}`, `${phase}${note === '' ? '' : `: ${note}`}`);
    },
  };
}

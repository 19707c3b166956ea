import { setTimeout as pause } from 'node:timers/promises';
import { redactWords } from '../config/redaction.ts';
import { Failure } from '../domain/failures.ts';
import { finalPhases, type RunProgress } from '../domain/runs/progress.ts';
import { exitCodeOfRun } from './exit-codes.ts';
import type { Output } from './output.ts';
import { interruption } from './interruption.ts';
import type { Desk, RunLook } from '../client/desk.ts';
import type { PendingStep } from '../domain/runs/pending-step.ts';
import { renderRun } from './render/progress.ts';
import { renderDecisions, renderEnd } from './render/report.ts';
import { wrap } from './render/text-width.ts';
import { elapsed } from '../domain/units.ts';

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
  desk: Desk,
  run: string,
  output: Output,
  options: FollowOptions = {},
): Promise<RunProgress> {
  const interrupt = interruption(run);
  const tell = lineTeller(output);
  let before = '';
  let last: { progress: RunProgress; pending: PendingStep[] } | undefined;
  try {
    for (;;) {
      const look = await Promise.race([desk.look(run), interrupt.happened]);
      const { progress, pending } = look;
      if (look.cutOff && !(progress && finalPhases.has(progress.phase))) throw cutOff(run);
      if (progress === undefined || pending === undefined) {
        const line = silence(run, look);
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
      await Promise.race([pause(desk.pollEveryMs), interrupt.happened]);
    }
  } finally {
    interrupt.forget();
  }
}

function silence(run: string, { silent = 'no worker' }: RunLook): string {
  const [who, how] =
    silent === 'no worker'
      ? ['no worker answers', 'it waits for one ("rekindle worker")']
      : [`${silent} does not answer`, `it goes on when ${silent} is back`];
  return `${who} for ${run}; ${how}; Ctrl-C ends the waiting, never the run`;
}

function cutOff(run: string): Failure {
  return new Failure('RunFailed', {
    message: `${run} was terminated in Temporal, or timed out there; it could neither undo anything nor write a report`,
    remedy: `See what it left ("rekindle check" shows it), then start again; the next backup clears what a backup left`,
  });
}

/** Follows to the end, prints the verdict, and answers with the exit code. */
export async function followToEnd(
  desk: Desk,
  run: string,
  output: Output,
  options: FollowOptions = {},
): Promise<number> {
  return concludeFollowing(desk, output, await follow(desk, run, output, options), options);
}

/** What is shown when the following of a run is over: its last state as the document, the verdict for people. */
export async function concludeFollowing(
  desk: Desk,
  output: Output,
  progress: RunProgress,
  options: FollowOptions = {},
): Promise<number> {
  // The workflow closes a moment after its last phase: who asks Temporal next must find it closed. The report that it
  // still writes may wait for a catalogue that is away; the person here must not.
  // A quarantine outlives its rollback.
  const ended = finalPhases.has(progress.phase) && progress.kind !== 'quarantine';
  if (ended) await desk.closed(progress.run);
  // With its notes since then: whom it could not notify.
  const last = (ended ? (await desk.look(progress.run).catch(() => undefined))?.progress : undefined) ?? progress;
  if (!options.onChange) output.document(last);
  output.say(renderEnd(last, output));
  return exitCodeOfRun(last);
}

/** `trouble`: why what is shown is the last that was known. */
function show(
  output: Output,
  known: { progress: RunProgress; pending: PendingStep[] } | undefined,
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
    changes(progress: RunProgress, pending: readonly PendingStep[]) {
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
          once(
            `${step} waits`,
            // Some waits have a limit only as a step.
            `waiting: ${name}${inside.total > 0 ? `, for at most ${inside.total} s` : ''}: ${inside.note}`,
          );
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

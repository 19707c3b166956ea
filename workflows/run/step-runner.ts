import { CancellationScope, CancelledFailure, condition, isCancellation } from '@temporalio/workflow';
import { choicesOffered, haveOneCause } from '../../domain/runs/choices.ts';
import { inOrder, type Plan } from '../../domain/plans/plan.ts';
import type { Choice, PendingDecision, StepState } from '../../domain/runs/progress.ts';
import type { Step } from '../../domain/plans/steps.ts';
import { announceWaiting } from './announce.ts';
import { renewLimits } from './limits.ts';
import { failureOf, recordOf, rolledBack, type FailureRecord } from './failure-record.ts';
import type { Run } from './open-run.ts';
import { isLeftOut, leavesOut } from './optional-stores.ts';
import { pointOfNoReturn, type WayBack } from './point-of-no-return.ts';
import { goesOnFrom } from './repeat.ts';
import type { Execute } from './step-executor.ts';
import { stateOf } from './step-state.ts';
import { undoStack } from './undo.ts';

export interface Runner {
  /** Resolves when every step is done or skipped; rejects when the run was undone, aborted or cancelled. */
  run(): Promise<void>;
  /** Takes an operator's decision, which the message handler has validated. */
  decide(step: string, choice: Choice, by: string): void;
}

/**
 * Runs a plan's graph: a step starts when all that it waits for is done, so independent ones run in parallel. A step
 * that fails before the point of no return ends the run and undoes what was done; after it, the run waits for a person.
 * One of an optional store ends nothing: the run goes on without the store.
 */
export function stepRunner(plan: Plan, run: Run, execute: Execute, wayBack?: WayBack): Runner {
  const { progress } = run;
  const decisions = new Map<string, Choice>();
  const graph = new CancellationScope({ cancellable: true });
  const noReturn = pointOfNoReturn(plan, run, wayBack);
  const undo = undoStack(plan, run, execute, noReturn);
  const working = plan.kind === 'rollback' ? 'rolling back' : 'running';
  let repeating: Promise<void> = Promise.resolve();
  let abort: FailureRecord | undefined;
  let goBack = false;

  async function attempt(step: Step, state: StepState): Promise<void> {
    // A step that was running when the run was cancelled still finishes; the next one must not begin.
    if (graph.consideredCancelled) throw new CancelledFailure('cancelled');
    if (state.startedAt !== undefined) {
      state.firstStartedAt ??= state.startedAt;
      state.attempts = (state.attempts ?? 1) + 1;
    }
    Object.assign(state, { status: 'running', startedAt: run.now(), finishedAt: undefined, summary: undefined });
    undo.push(step);
    run.show();
    const outcome = await execute({ ...step, title: state.title });
    if (outcome.attempt !== undefined) state.attempts = (state.attempts ?? 1) + outcome.attempt - 1;
    if (step.destructive) noReturn.pass();
    progress.checks.push(...(outcome.checks ?? []));
    Object.assign(state, { status: 'done', finishedAt: run.now(), summary: outcome.summary });
    run.show();
  }

  async function perform(step: Step): Promise<void> {
    const state = stateOf(run, step);
    if (isLeftOut(run, step)) return;
    for (let again = false; ; again = true) {
      try {
        if (again) await repeatEarlier(step);
        await attempt(step, state);
        return;
      } catch (error) {
        if (isCancellation(error)) throw error;
        const failure = recordOf(error);
        Object.assign(state, { status: 'failed', finishedAt: run.now(), summary: failure.message });
        // What it had to do to get that far stays in the report, however it goes on.
        progress.checks.push(...failure.checks.filter(({ warning }) => warning));
        if (leavesOut(run, step, failure)) return;
        // Another one may be moving data at this moment.
        await condition(
          () => noReturn.isPassed() || noReturn.destructive.every((other) => stateOf(run, other).status !== 'running'),
        );
        await noReturn.learn();
        const choice = await choose(step, failure);
        if (choice === 'retry') await renewLimits(run);
        if (choice === 'skip') {
          state.status = 'skipped';
          progress.checks.push({
            name: step.id,
            verdict: 'fail',
            evidence: `skipped after: ${failure.message}`,
            remedy: failure.remedy,
          });
          run.show();
          return;
        }
        if (choice === 'abort' || choice === 'rollback') {
          progress.checks.push(...failure.checks.filter(({ warning }) => !warning));
          abort ??= failure;
          goBack ||= choice === 'rollback';
          graph.cancel();
          throw failureOf(failure);
        }
      }
    }
  }

  /** One at a time: several steps may miss the same. */
  async function repeatEarlier(step: Step): Promise<void> {
    const turn = repeating.then(async () => {
      for (const earlier of await goesOnFrom(plan, run, step)) {
        const state = stateOf(run, earlier);
        await attempt(earlier, state).catch((error: unknown) => {
          Object.assign(state, { status: 'failed', finishedAt: run.now(), summary: recordOf(error).message });
          throw error;
        });
      }
    });
    repeating = turn.catch(() => undefined);
    await turn;
  }

  /** Before the point of no return hardly ever: nothing is lost yet, and everything can be undone. */
  async function choose(step: Step, failure: FailureRecord): Promise<Choice> {
    if (!noReturn.isPassed() && !step.asks) return 'abort';
    decisions.delete(step.id);
    const from = (await goesOnFrom(plan, run, step))[0]?.id;
    const { kind, message } = failure;
    const remedy = from === undefined ? failure.remedy : `Choose "retry": it makes anew what ${from} had made`;
    const pending: PendingDecision = {
      step: step.id,
      ...(from !== undefined && { from }),
      failure: { kind, message, remedy },
      choices: choicesOffered({
        skippable: step.skippable === true,
        wayBack: wayBack?.isOpen() === true,
        undoes: !noReturn.isPassed(),
        waiting: progress.steps.filter(({ status }) => status === 'waiting').length,
        from,
      }),
    };
    progress.pendingDecisions.push(pending);
    run.enter('waiting for decision', `step ${step.id} failed: ${failure.message}`);
    const stopAnnouncing = announceWaiting(run, { for: 'decision', ...pending });
    try {
      await condition(() => decisions.has(step.id));
    } finally {
      stopAnnouncing();
      progress.pendingDecisions = progress.pendingDecisions.filter((pending) => pending.step !== step.id);
    }
    if (progress.pendingDecisions.length === 0) run.enter(working, '');
    return decisions.get(step.id) ?? 'abort';
  }

  return {
    async run() {
      run.enter(working, '');
      const finished = new Map<string, Promise<void>>();
      try {
        await graph.run(async () => {
          for (const step of inOrder(plan.steps)) {
            const awaited = step.after.map((id) => finished.get(id) ?? Promise.resolve());
            finished.set(
              step.id,
              Promise.all(awaited).then(() => perform(step)),
            );
          }
          // All of them: a cancelled neighbour must have stopped before anything is undone.
          const results = await Promise.allSettled(finished.values());
          const rejected = results.find((result) => result.status === 'rejected');
          if (rejected) throw abort ? failureOf(abort) : rejected.reason;
        });
      } catch (error) {
        await CancellationScope.nonCancellable(() => undo.tidy(async () => (goBack ? wayBack?.take() : undefined)));
        if (goBack && abort) throw failureOf(rolledBack(abort));
        throw error;
      }
    },
    decide(step, choice, by) {
      const decided = progress.pendingDecisions.find((pending) => pending.step === step);
      for (const pending of progress.pendingDecisions) {
        const offered = pending.choices.some((one) => one.choice === choice);
        if (pending !== decided && !(offered && decided && haveOneCause(decided, pending))) continue;
        decisions.set(pending.step, choice);
        progress.decisions.push({ step: pending.step, choice, by, at: run.now() });
      }
    },
  };
}

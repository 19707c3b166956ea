import { CancellationScope, CancelledFailure, condition, isCancellation } from '@temporalio/workflow';
import { choicesOffered, haveOneCause } from '../../domain/runs/choices.ts';
import { inOrder, type Plan } from '../../domain/plans/plan.ts';
import type { Choice, PendingDecision, StepState } from '../../domain/runs/progress.ts';
import type { Action, Step, Undo } from '../../domain/plans/steps.ts';
import { announceWaiting } from './announce.ts';
import { renewLimits } from './limits.ts';
import { failureOf, recordOf, rolledBack, type FailureRecord } from './failure-record.ts';
import type { Run } from './open-run.ts';
import { goesOnFrom } from './repeat.ts';
import type { Execute } from './step-executor.ts';

/** What brings everything back: after the point of no return, and only when something was set aside. */
export interface WayBack {
  isOpen(): boolean;
  /** Whether any data was taken from where its service looks for it; true also when that cannot be found out. */
  moved(): Promise<boolean>;
  take(): Promise<void>;
}

const makesNew: ReadonlySet<Action> = new Set(['createNetwork', 'createVolume', 'startService']);

export interface Runner {
  /** Resolves when every step is done or skipped; rejects when the run was undone, aborted or cancelled. */
  run(): Promise<void>;
  /** Takes an operator's decision, which the message handler has validated. */
  decide(step: string, choice: Choice, by: string): void;
}

/**
 * Runs a plan's graph: a step starts when all that it waits for is done, so independent ones run in parallel. A step
 * that fails before the point of no return ends the run and undoes what was done; after it, the run waits for a person.
 */
export function stepRunner(plan: Plan, run: Run, execute: Execute, wayBack?: WayBack): Runner {
  const { progress } = run;
  const decisions = new Map<string, Choice>();
  const undoStack: { step: Step; undo: Undo }[] = [];
  const graph = new CancellationScope({ cancellable: true });
  const destructive = plan.steps.filter((step) => step.destructive);
  const working = plan.kind === 'rollback' ? 'rolling back' : 'running';
  let repeating: Promise<void> = Promise.resolve();
  let abort: FailureRecord | undefined;
  let goBack = false;

  const stateOf = (step: Step): StepState => {
    const state = progress.steps.find(({ id }) => id === step.id);
    if (state === undefined) throw new Error(`No state for step ${step.id}`);
    return state;
  };

  async function attempt(step: Step, state: StepState): Promise<void> {
    // A step that was running when the run was cancelled still finishes; the next one must not begin.
    if (graph.consideredCancelled) throw new CancelledFailure('cancelled');
    if (state.startedAt !== undefined) {
      state.firstStartedAt ??= state.startedAt;
      state.attempts = (state.attempts ?? 1) + 1;
    }
    Object.assign(state, { status: 'running', startedAt: run.now(), finishedAt: undefined, summary: undefined });
    if (step.undo && !undoStack.some((entry) => entry.step === step)) undoStack.push({ step, undo: step.undo });
    run.show();
    const outcome = await execute({ ...step, title: state.title });
    if (outcome.attempt !== undefined) state.attempts = (state.attempts ?? 1) + outcome.attempt - 1;
    if (step.destructive) passPointOfNoReturn();
    progress.checks.push(...(outcome.checks ?? []));
    Object.assign(state, { status: 'done', finishedAt: run.now(), summary: outcome.summary });
    run.show();
  }

  async function perform(step: Step): Promise<void> {
    const state = stateOf(step);
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
        // Another one may be moving data at this moment.
        await condition(() => begun() || destructive.every((other) => stateOf(other).status !== 'running'));
        await learnWhetherMoved();
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
        const state = stateOf(earlier);
        await attempt(earlier, state).catch((error: unknown) => {
          Object.assign(state, { status: 'failed', finishedAt: run.now(), summary: recordOf(error).message });
          throw error;
        });
      }
    });
    repeating = turn.catch(() => undefined);
    await turn;
  }

  function passPointOfNoReturn(): void {
    if (progress.pointOfNoReturn) progress.pointOfNoReturn.passedAt ??= run.now();
  }

  /** A step that failed, was cancelled or lost its worker may have moved its data or not: the engine knows. */
  async function learnWhetherMoved(): Promise<void> {
    const tried = destructive.some((step) => stateOf(step).status !== 'waiting');
    if (!tried || begun()) return;
    if (wayBack === undefined || (await wayBack.moved())) passPointOfNoReturn();
  }

  /**
   * Past the point of no return. A platform that is completely gone has none: there the first step that makes something
   * new counts, since from then on going back would only throw away what was achieved. A rollback is always past it.
   */
  function begun(): boolean {
    if (plan.kind === 'rollback') return true;
    if (plan.pointOfNoReturn !== undefined) return progress.pointOfNoReturn?.passedAt !== undefined;
    return progress.steps.some(({ action, status }) => makesNew.has(action) && status !== 'waiting');
  }

  /** Before the point of no return hardly ever: nothing is lost yet, and everything can be undone. */
  async function choose(step: Step, failure: FailureRecord): Promise<Choice> {
    if (!begun() && !step.asks) return 'abort';
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
        undoes: !begun(),
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

  async function undo(entries: { step: Step; undo: Undo }[]): Promise<void> {
    for (const { step, undo } of entries.toReversed()) {
      const state = stateOf(step);
      try {
        await execute({ ...undo, id: `undo-${step.id}`, title: `undo: ${state.title}`, undoes: true });
        Object.assign(state, { status: 'undone' });
      } catch (error) {
        const failure = recordOf(error);
        progress.checks.push({
          name: `undo ${step.id}`,
          verdict: 'fail',
          evidence: failure.message,
          remedy: failure.remedy,
        });
      }
      run.show();
    }
  }

  /** Before the point of no return everything is undone; after it only what the run changed for its own purposes. */
  async function tidy(): Promise<void> {
    await learnWhetherMoved();
    if (begun()) {
      try {
        if (goBack) await wayBack?.take();
      } finally {
        await undo(undoStack.filter(({ step }) => step.undoAlways));
      }
      return;
    }
    if (undoStack.length > 0)
      run.enter(
        'undoing',
        plan.kind === 'restore'
          ? 'the point of no return was not passed: stopped services start again'
          : 'everything that was begun is undone',
      );
    await undo(undoStack);
    // None of them has moved anything.
    for (const state of destructive.map(stateOf)) if (state.status !== 'waiting') state.status = 'undone';
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
        await CancellationScope.nonCancellable(tidy);
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

import { failed, overallVerdict, type Check } from '../../domain/checks.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import type { Step, Undo } from '../../domain/plans/steps.ts';
import { recordOf } from './failure-record.ts';
import type { Run } from './open-run.ts';
import type { PointOfNoReturn } from './point-of-no-return.ts';
import type { Execute } from './step-executor.ts';
import { stateOf } from './step-state.ts';

/** What puts back what steps did, the last first. */
export interface UndoStack {
  /** Call before the step runs: it may have done half of its work when it fails. */
  push(step: Step): void;
  /**
   * Before the point of no return everything is undone. After it only what the run changed for its own purposes, once
   * `goBack` is done.
   */
  tidy(goBack: () => Promise<void>): Promise<void>;
}

export function undoStack(plan: Plan, run: Run, execute: Execute, noReturn: PointOfNoReturn): UndoStack {
  const stack: { step: Step; undo: Undo }[] = [];

  /** A step of the plan may have said the same before. */
  function note(found: readonly Check[] = []): void {
    const { checks } = run.progress;
    const said = (one: Check) => checks.some(({ name, evidence }) => name === one.name && evidence === one.evidence);
    checks.push(...found.filter((one) => !said(one)));
  }

  async function undo(entries: typeof stack): Promise<void> {
    let incomplete = false;
    for (const { step, undo } of entries.toReversed()) {
      const state = stateOf(run, step);
      // Whoever goes on by hand needs it.
      if (incomplete && undo.action === 'forgetDeployment') continue;
      try {
        const { host, scene } = step;
        const outcome = await execute({
          ...undo,
          ...(host !== undefined && { host }),
          ...(scene && { scene }),
          id: `undo-${step.id}`,
          title: `undo: ${state.title}`,
          undoes: true,
        });
        note(outcome.checks);
        Object.assign(state, { status: 'undone' });
      } catch (error) {
        incomplete = true;
        const { message: evidence, remedy, checks: found } = recordOf(error);
        note(found);
        if (overallVerdict(found) !== 'fail') note([failed(`undo ${step.id}`, evidence, remedy)]);
      }
      run.show();
    }
  }

  return {
    push(step) {
      if (step.undo && !stack.some((entry) => entry.step === step)) stack.push({ step, undo: step.undo });
    },
    async tidy(goBack) {
      await noReturn.learn();
      if (noReturn.isPassed()) {
        try {
          await goBack();
        } finally {
          await undo(stack.filter(({ step }) => step.undoAlways));
        }
        return;
      }
      if (stack.length > 0)
        run.enter(
          'undoing',
          plan.kind === 'restore'
            ? 'the point of no return was not passed: stopped services start again'
            : 'everything that was begun is undone',
        );
      await undo(stack);
      // None of them has moved anything.
      for (const state of noReturn.destructive.map((step) => stateOf(run, step)))
        if (state.status !== 'waiting') state.status = 'undone';
    },
  };
}

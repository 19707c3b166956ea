import { setHandler } from '@temporalio/workflow';
import { assertNamed, openAuthentication } from './authenticated.ts';
import { refuse } from './failure-record.ts';
import { decide } from '../messages.ts';
import type { Run } from './open-run.ts';
import type { Runner } from './step-runner.ts';

/** Takes a person's decision about a failed step, for the step runner that works now. Create it first thing in a workflow. */
export function openDecisionDesk(run: Run): { serve(runner: Runner): void } {
  let serving: Runner | undefined;
  const authenticate = openAuthentication(run);
  const fits = ({ step, choice, by }: { step: string; choice: string; by?: string }) => {
    assertNamed(by, 'who decides?');
    const pending = run.progress.pendingDecisions.find((candidate) => candidate.step === step);
    if (!pending) return refuse(`Step "${step}" does not wait for a decision`);
    if (!pending.choices.some((offered) => offered.choice === choice))
      refuse(`"${choice}" is not offered for ${step}: ${pending.choices.map((offered) => offered.choice).join(', ')}`);
  };
  setHandler(
    decide,
    async (word) => {
      await authenticate('decide', word);
      fits(word);
      const { step, choice, by } = word;
      serving?.decide(step, choice, by);
      return `${choice} of ${step}, decided by ${by}`;
    },
    {
      description:
        'Decides what happens with a failed step: {"step": "…", "choice": "retry|skip|abort|rollback", "by": "…"}',
      validator: fits,
    },
  );
  return {
    serve(runner) {
      serving = runner;
    },
  };
}

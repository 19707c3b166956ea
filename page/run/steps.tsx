import type { PendingStep, RunDetails } from '../../api/types.ts';
import { markPaths } from '../../drawing/marks.ts';
import type { StepState } from '../../domain/runs/progress.ts';
import { elapsed } from '../../domain/units.ts';
import { useNow } from '../api/hooks.ts';
import { Bar } from '../parts/bar.tsx';
import { Section } from '../parts/section.tsx';
import { countsOf } from './summary.ts';
import { progressWords, shareOf } from './time-left.ts';

export function Steps({ details: { progress, pending } }: { details: RunDetails }) {
  const { ended, all } = countsOf(progress);
  const { pointOfNoReturn, phase } = progress;
  const planned = phase === 'waiting for approval';
  return (
    <Section
      title="Steps"
      aside={<span class="dim figure">{planned ? `${all} planned` : `${ended} of ${all} done`}</span>}
    >
      <ol class="steps">
        {progress.steps.map((step, index) => (
          <li key={step.id} class={step.status}>
            {pointOfNoReturn?.step === step.id && (
              <p class="no-return">
                Point of no return
                {pointOfNoReturn.passedAt !== undefined && `, passed ${pointOfNoReturn.passedAt.slice(11, 19)} UTC`}
              </p>
            )}
            <StepLine
              step={step}
              number={planned ? index + 1 : undefined}
              pending={pending.find((one) => one.step === step.id)}
            />
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** `number`: of a step that is planned, as in the graph. */
function StepLine({
  step,
  number,
  pending,
}: {
  step: StepState;
  number: number | undefined;
  pending: PendingStep | undefined;
}) {
  const now = useNow(step.status === 'running' ? 1000 : 3_600_000);
  const { title, status, summary, startedAt, finishedAt } = step;
  const share = pending && shareOf(pending);
  const words = pending && progressWords(pending, now);
  const timed = status === 'running' || finishedAt !== undefined;
  return (
    <div class="step">
      {number === undefined ? (
        <svg class="mark" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
          <path d={markPaths[status]} />
        </svg>
      ) : (
        <span class="number">{number}</span>
      )}
      <span>
        {title}
        <span class="unseen">, {status}</span>
      </span>
      <span class="figure dim">{timed ? elapsed(startedAt, finishedAt, now) : ''}</span>
      {(words || summary !== undefined) && <small>{words || summary}</small>}
      {share !== undefined && <Bar share={share} tone="busy" />}
    </div>
  );
}

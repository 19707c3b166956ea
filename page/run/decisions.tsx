import type { RunProgress } from '../../domain/runs/progress.ts';
import { Decide } from '../actions/run-actions.tsx';

export function Decisions({ progress: { run, steps, pendingDecisions } }: { progress: RunProgress }) {
  return (
    <>
      {pendingDecisions.map((decision) => (
        <section key={decision.step} class="ask" aria-label={`Decision on ${decision.step}`}>
          <h2>“{steps.find(({ id }) => id === decision.step)?.title ?? decision.step}” failed. What next?</h2>
          <p>{decision.failure.message}</p>
          {decision.failure.remedy !== '' && <p class="remedy">→ {decision.failure.remedy}</p>}
          {decision.from !== undefined && <p class="dim">A retry goes on from {decision.from}.</p>}
          <Decide run={run} decision={decision} />
        </section>
      ))}
    </>
  );
}

import type { RunDetails } from '../../api/types.ts';
import { useFollowed } from '../api/hooks.ts';
import { Checks } from '../parts/check-list.tsx';
import { Loaded } from '../parts/loading.tsx';
import { Section } from '../parts/section.tsx';
import { Approval } from './approval.tsx';
import { Decisions } from './decisions.tsx';
import { Ended } from './ended.tsx';
import { Forecast } from './forecast.tsx';
import { Graph } from './graph.tsx';
import { Head } from './head.tsx';
import { Now } from './now.tsx';
import { Notes } from './notes.tsx';
import { Said } from './said-list.tsx';
import { Steps } from './steps.tsx';
import { sentenceOf } from './summary.ts';
import { WhatHappens } from './what-happens.tsx';

export function Run({ id }: { id: string }) {
  const followed = useFollowed<RunDetails>({ topic: `run:${id}`, route: 'run', parameters: { run: id } });
  return (
    <main id="main" tabIndex={-1}>
      <Loaded of={followed} what="the run">
        {(details) => <Shown details={details} />}
      </Loaded>
    </main>
  );
}

function Shown({ details }: { details: RunDetails }) {
  const { progress, plan } = details;
  const approves = progress.phase === 'waiting for approval';
  const steps = progress.steps.length > 0 && <Steps details={details} />;
  return (
    <>
      <p class="unseen" role="status" aria-live="polite">
        {sentenceOf(details)}
      </p>
      <Head details={details} />
      <Now details={details} />
      <Notes details={details} />
      <Decisions progress={progress} />
      {approves && <Approval details={details} />}
      <Ended progress={progress} />
      {/* Before approval what is at stake comes first, after it how far it is. */}
      <div class="columns">
        {!approves && steps}
        <div>
          {plan && <WhatHappens plan={plan} />}
          {progress.forecast && <Forecast forecast={progress.forecast} point={progress.recoveryPoint} />}
          {progress.checks.length > 0 && (
            <Section title="Checks">
              <Checks checks={progress.checks} />
            </Section>
          )}
          <Said progress={progress} />
        </div>
        {approves && steps}
      </div>
      {plan && plan.steps.length > 0 && <Graph plan={plan} states={approves ? [] : progress.steps} />}
    </>
  );
}

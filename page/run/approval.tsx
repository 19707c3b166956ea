import type { RunDetails } from '../../api/types.ts';
import { Approve, Reject } from '../actions/run-actions.tsx';
import { Away, Time } from '../parts/time.tsx';
import { lasting } from '../parts/times.ts';
import { harmOf, isHarmless } from './harm.ts';
import { lossOf } from './loss.ts';

/** The question, with all that it is about in a few lines; the details follow below. */
export function Approval({ details }: { details: RunDetails }) {
  const { progress, plan } = details;
  const { approvals, approvalsNeeded = 1, approvalUntil, forecast, platform } = progress;
  const harm = plan && harmOf(plan);
  return (
    <section class="ask" aria-labelledby="approval">
      <h2 id="approval">Approve this plan?</h2>
      {harm && (
        <ul>
          {isHarmless(harm) && <li>Nothing is stopped, set aside or removed.</li>}
          {harm.stopped.length > 0 && <li>Stops {list(harm.stopped.map(({ service }) => service))}.</li>}
          {harm.removedContainers.length > 0 && <li>Removes the containers {list(harm.removedContainers)}.</li>}
          {harm.setAside.length > 0 && <li>Sets aside the data in {list(harm.setAside)}: it can be rolled back.</li>}
          {harm.deleted.length > 0 && (
            <li class="bad">Removes the data in {list(harm.deleted)}: there is no way back.</li>
          )}
          {forecast && (
            <li>
              {platform} is down for about <strong>{lasting(forecast.downtimeSeconds)}</strong> ({forecast.basis}).
            </li>
          )}
          {forecast?.lost.map((lost) => (
            <li key={lost.store}>
              Lost in {lost.store}: <strong>{lossOf(lost) ?? 'unknown, as it does not answer: everything'}</strong>{' '}
              since <Time at={lost.since} />.
            </li>
          ))}
        </ul>
      )}
      {approvalsNeeded > 1 && (
        <p>
          {approvals.length} of {approvalsNeeded} approvals
          {approvals.length > 0 && `: ${approvals.map(({ by }) => by).join(', ')}. Another person must approve, too`}
        </p>
      )}
      {approvalUntil !== undefined && (
        <p class="dim">
          Without an approval it ends <Away at={approvalUntil} /> (<Time at={approvalUntil} />
          ), and nothing is touched.
        </p>
      )}
      <div class="buttons">
        <Approve details={details} />
        <Reject run={progress.run} />
      </div>
    </section>
  );
}

const list = (names: readonly string[]) => names.join(', ');

import type { RunDetails } from '../../api/types.ts';
import { workflowOfFleet } from '../../domain/fleet/fleet.ts';
import { startedByWords, type StartedBy } from '../../domain/runs/started-by.ts';
import { useNow } from '../api/hooks.ts';
import { useSession } from '../api/session.ts';
import { Cancel } from '../actions/run-actions.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { Time } from '../parts/time.tsx';
import { lasting } from '../parts/times.ts';
import { hrefOf } from '../route.ts';
import { isOpen, stateOf } from './summary.ts';

export function Head({ details }: { details: RunDetails }) {
  const { progress } = details;
  const { run, kind, platform, startedAt, finishedAt, recoveryPoint, startedBy, pointOfNoReturn } = progress;
  const { temporalUi } = useSession();
  const now = useNow();
  const took = ((finishedAt === undefined ? now : Date.parse(finishedAt)) - Date.parse(startedAt)) / 1000;
  return (
    <>
      <div class="title">
        <h1>
          {kind.charAt(0).toUpperCase() + kind.slice(1)} of <a href={hrefOf.platform(platform)}>{platform}</a>
        </h1>
        <StateMark {...stateOf(details)} />
        {isOpen(details) && kind !== 'quarantine' && (
          <div class="buttons">
            <Cancel run={run} passed={pointOfNoReturn?.passedAt !== undefined} />
          </div>
        )}
      </div>
      <p class="line dim">
        Started <Time at={startedAt} />
        {startedBy && <StartedByWords of={startedBy} />} ·{' '}
        <span class="figure">
          {finishedAt === undefined ? 'for' : 'took'} {lasting(Math.max(0, Math.floor(took)))}
        </span>
        {recoveryPoint && (
          <>
            {' '}
            · data as of <Time at={recoveryPoint.startedAt} />
          </>
        )}
        <br />
        <code>{run}</code>
        {temporalUi !== undefined && (
          <>
            {' '}
            ·{' '}
            <a href={`${temporalUi}/${encodeURIComponent(run)}`} rel="noreferrer">
              Temporal
            </a>
          </>
        )}
      </p>
    </>
  );
}

/** A part of a fleet leads back to it. */
function StartedByWords({ of }: { of: StartedBy }) {
  const words = ` ${startedByWords(of)}`;
  const fleet = of.how === 'fleet' ? of.name?.slice(workflowOfFleet('').length) : undefined;
  return fleet === undefined ? (
    <>{words}</>
  ) : (
    <>
      {' '}
      <a href={hrefOf.fleet(fleet)}>{words.trim()}</a>
    </>
  );
}

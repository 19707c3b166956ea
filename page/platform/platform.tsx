import type { PlatformDetails } from '../../api/types.ts';
import { BackUp, Rehearse, Restore } from '../actions/platform-actions.tsx';
import { useFollowed, useVersion } from '../api/hooks.ts';
import { Loaded } from '../parts/loading.tsx';
import { Notice } from '../parts/notice.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { stateOf } from '../platforms/urgency.ts';
import { Facts } from './facts.tsx';
import { History } from './history.tsx';
import { Incidents } from './incidents.tsx';
import { Points } from './points.tsx';
import { Preflight } from './preflight.tsx';
import { Quarantines } from './quarantines.tsx';
import { RunningNow } from './running-now.tsx';
import { Schedules } from './schedules.tsx';

export function Platform({ name }: { name: string }) {
  const followed = useFollowed<PlatformDetails>({
    topic: `platform:${name}`,
    route: 'platform',
    parameters: { platform: name },
  });
  const [version, changed] = useVersion();
  return (
    <main id="main" tabIndex={-1}>
      <Loaded of={followed} what={name}>
        {(details) => (
          <>
            <div class="title">
              <h1>{name}</h1>
              <StateMark {...stateOf(details)} />
              <div class="buttons">
                <BackUp platform={name} />
                <Rehearse platform={name} />
                <Restore details={details} />
              </div>
            </div>
            {details.reason !== undefined && (
              <Notice
                tone={details.state === 'stale' || details.state === 'unknown' ? 'warn' : 'bad'}
                message={details.reason}
                remedy={details.remedy}
              />
            )}
            {details.worker === 'absent' && (
              <Notice
                message={`No worker takes the work of ${name}: nothing that is started here will begin`}
                remedy="Start one on its host: rekindle worker"
              />
            )}
            <RunningNow details={details} />
            <Incidents details={details} />
            <Facts details={details} />
            <div class="panels">
              <Preflight key={name} platform={name} />
              <Quarantines details={details} />
              <History platform={name} details={details} />
              <Points details={details} version={version} changed={changed} />
              <Schedules details={details} />
            </div>
          </>
        )}
      </Loaded>
    </main>
  );
}

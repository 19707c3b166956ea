import type { PlatformDetails } from '../../api/types.ts';
import { finalPhases, type RunProgress } from '../../domain/runs/progress.ts';
import { OldData } from '../actions/run-actions.tsx';
import { useFollowed } from '../api/hooks.ts';
import { pathOf } from '../api/path.ts';
import { OldDataState } from '../parts/old-data-state.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { Time } from '../parts/time.tsx';
import { lasting } from '../parts/times.ts';
import { phaseWord, verdictWords } from '../parts/tones.ts';
import { hrefOf } from '../route.ts';

/** The report's head, and what can still be done about it. */
export function Ended({ progress }: { progress: RunProgress }) {
  const { kind, phase, verdict, startedAt, finishedAt, checks, quarantine, run, platform } = progress;
  if (kind === 'quarantine') return <Kept progress={progress} />;
  if (finishedAt === undefined || !finalPhases.has(phase)) return null;
  const passed = checks.filter((check) => check.verdict === 'pass').length;
  return (
    <section class={`report ${phaseWord(phase).tone}`} aria-labelledby="report">
      <h2 id="report">
        {phaseWord(phase).word} in {lasting((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)}
      </h2>
      <p class="line">
        {verdict && (
          <>
            Verdict <StateMark {...verdictWords[verdict]} /> ·{' '}
          </>
        )}
        {checks.length > 0 && `${passed} of ${checks.length} checks passed · `}
        <Time at={finishedAt} /> · <a href={pathOf('reportPage', { run })}>Report</a>
      </p>
      {quarantine && <SetAside run={run} platform={platform} />}
    </section>
  );
}

/** As it is by now: what the restore's report says of its quarantine is how that was at its end. */
function SetAside({ run, platform }: { run: string; platform: string }) {
  const { data } = useFollowed<PlatformDetails>({
    topic: `platform:${platform}`,
    route: 'platform',
    parameters: { platform },
  });
  if (data === undefined || 'trouble' in data.quarantines) return null;
  const mine = data.quarantines.value.find((row) => row.run === run);
  if (mine === undefined) return <p>The old data that it set aside is released, or back in its place.</p>;
  const { phase, state } = mine;
  return (
    <>
      <h3>Old data, set aside: {state === undefined ? phase : <a href={hrefOf.run(state.workflow)}>{phase}</a>}</h3>
      {state && <OldDataState state={state} />}
      {phase === 'quarantined' && <OldData run={run} platform={platform} />}
    </>
  );
}

function Kept({ progress: { run, phase, platform, quarantine } }: { progress: RunProgress }) {
  if (quarantine === undefined || finalPhases.has(phase)) return null;
  const restore = run.replace(/^quarantine\//, '');
  return (
    <section class="report quiet" aria-labelledby="kept">
      <h2 id="kept">Old data, set aside</h2>
      <p>
        By <a href={hrefOf.run(restore)}>{restore}</a>
      </p>
      <OldDataState state={quarantine} />
      {phase === 'quarantined' && <OldData run={restore} platform={platform} />}
    </section>
  );
}

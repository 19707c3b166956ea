import type { PlatformDetails } from '../../api/types.ts';
import { onlyKeeps } from '../../domain/runs/progress.ts';
import { Notice } from '../parts/notice.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { Away } from '../parts/time.tsx';
import { phaseWord } from '../parts/tones.ts';
import { hrefOf } from '../route.ts';

/** What works on the platform at this moment; each leads to its page. */
export function RunningNow({ details: { runs } }: { details: PlatformDetails }) {
  if ('trouble' in runs)
    return (
      <Notice tone="warn" message={`What runs is not known: ${runs.trouble.message}`} remedy={runs.trouble.remedy} />
    );
  const working = runs.value.filter((run) => !onlyKeeps(run));
  if (working.length === 0) return null;
  return (
    <ul class="now-runs" aria-label="Runs now">
      {working.map(({ run, kind, phase, startedAt }) => (
        <li key={run}>
          <a href={hrefOf.run(run)} class={phaseWord(phase).tone}>
            <StateMark {...phaseWord(phase)} />
            <strong>{kind}</strong>
            <small>
              started <Away at={startedAt} />
            </small>
            <span class="go">{phaseWord(phase).tone === 'asks' ? 'Answer it →' : 'Watch it →'}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

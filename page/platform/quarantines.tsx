import type { PlatformDetails } from '../../api/types.ts';
import { OldData } from '../actions/run-actions.tsx';
import { Notice } from '../parts/notice.tsx';
import { OldDataState } from '../parts/old-data-state.tsx';
import { Section } from '../parts/section.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { phaseWord } from '../parts/tones.ts';
import { hrefOf } from '../route.ts';

/** What restores set aside, with its clock. */
export function Quarantines({ details: { platform, quarantines } }: { details: PlatformDetails }) {
  if ('value' in quarantines && quarantines.value.length === 0) return null;
  return (
    <Section title="Old data, set aside">
      {'trouble' in quarantines ? (
        <Notice tone="warn" message={quarantines.trouble.message} remedy={quarantines.trouble.remedy} />
      ) : (
        <ul class="stack">
          {quarantines.value.map(({ run, phase, state }) => (
            <li key={run}>
              <p class="line">
                <StateMark {...phaseWord(phase)} /> by <a href={hrefOf.run(run)}>{run}</a>
              </p>
              {state && <OldDataState state={state} />}
              {phase === 'quarantined' && <OldData run={run} platform={platform} />}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

import type { FleetDetails } from '../../api/types.ts';
import { finalFleetPhases } from '../../domain/fleet/fleet.ts';
import { fleetLine, standingOf, waveWords } from '../../domain/fleet/summary.ts';
import { startedByWords } from '../../domain/runs/started-by.ts';
import { PauseFleet, ResumeFleet, StopFleet } from '../actions/fleet-actions.tsx';
import { useFollowed } from '../api/hooks.ts';
import { Loaded } from '../parts/loading.tsx';
import { Notice } from '../parts/notice.tsx';
import { Section } from '../parts/section.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { Away, Time } from '../parts/time.tsx';
import { hrefOf } from '../route.ts';
import { Counts, FleetBar } from './standing.tsx';
import { WaveApproval } from './wave-approval.tsx';
import { WavePanel } from './wave-panel.tsx';
import { wavesOf } from './waves.ts';
import { asking, fleetWord, memberWord } from './words.ts';

export function Fleet({ name }: { name: string }) {
  const followed = useFollowed<FleetDetails>({ topic: `fleet:${name}`, route: 'fleet', parameters: { fleet: name } });
  return (
    <main id="main" tabIndex={-1}>
      <Loaded of={followed} what={`the fleet ${name}`}>
        {(details) => <Shown details={details} />}
      </Loaded>
    </main>
  );
}

function Shown({ details }: { details: FleetDetails }) {
  const { progress, phases } = details;
  const { phase, note, words } = progress;
  return (
    <>
      <p class="unseen" role="status" aria-live="polite">
        {fleetLine(progress)}
      </p>
      <Head details={details} />
      {(phase === 'held' || phase === 'paused' || phase === 'stopping') && note !== undefined && (
        <Notice tone="warn" message={note} />
      )}
      {phase === 'waiting for approval' && <WaveApproval progress={progress} />}
      <Asking details={details} />
      <div class="panels">
        {wavesOf(progress, phases).map((one) => (
          // One whose turn has come, or in which something failed, opens by itself.
          <WavePanel key={`${one.number} ${one.matters}`} wave={one} details={details} />
        ))}
        {words.length > 0 && (
          <Section title="Who said what">
            <ol class="story">
              {words.toReversed().map(({ word, by, at, reason }) => (
                <li key={`${at} ${word}`}>
                  <Time at={at} /> {word} by {by}
                  {reason !== undefined && reason !== '' && `: ${reason}`}
                </li>
              ))}
            </ol>
          </Section>
        )}
      </div>
    </>
  );
}

function Head({ details: { progress } }: { details: FleetDetails }) {
  const { fleet, phase, startedAt, startedBy, finishedAt, wave } = progress;
  const standing = standingOf(progress);
  const isOpen = !finalFleetPhases.has(phase) && phase !== 'stopping';
  const waits = phase === 'held' || phase === 'paused';
  return (
    <>
      <div class="title">
        <h1>Fleet {fleet}</h1>
        <StateMark {...fleetWord(phase)} />
        {isOpen && (
          <div class="buttons">
            {waits ? <ResumeFleet fleet={fleet} held={phase === 'held'} /> : <PauseFleet fleet={fleet} />}
            <StopFleet fleet={fleet} />
          </div>
        )}
      </div>
      <p class="line dim">
        Started <Time at={startedAt} />
        {startedBy && ` ${startedByWords(startedBy)}`}
        {finishedAt !== undefined && (
          <>
            {' '}
            · ended <Away at={finishedAt} />
          </>
        )}
        {wave && ` · ${waveWords(wave)}`}
      </p>
      <div class="fleet-counts">
        <Counts of={standing} />
        <FleetBar of={standing} />
      </div>
    </>
  );
}

/** Restores that ask a person, each with a plan or a failure of its own. */
function Asking({ details: { progress, phases } }: { details: FleetDetails }) {
  const members = asking(progress.members, phases);
  if (members.length === 0) return null;
  return (
    <ul class="now-runs" aria-label="Restores that wait for a person">
      {members.map((member) => (
        <li key={member.platform}>
          <a class="asks" href={hrefOf.run(member.run ?? '')}>
            <StateMark {...memberWord(member, phases)} />
            <strong>{member.platform}</strong>
            <span class="go">Answer it →</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

import type { FleetRow } from '../../api/types.ts';
import { fleetWaitsForPerson } from '../../domain/fleet/fleet.ts';
import { waveWords, type FleetStanding } from '../../domain/fleet/summary.ts';
import { useFollowed } from '../api/hooks.ts';
import { StateMark } from '../parts/state-mark.tsx';
import { hrefOf } from '../route.ts';
import { Counts, FleetBar } from './standing.tsx';
import { fleetWord, inOrder } from './words.ts';

const everyMs = 4000;

/** A line for each fleet that is under way. Why nothing is known of what runs is said with the platforms. */
export function OpenFleets() {
  const { data = [], refused } = useFollowed<FleetRow[]>({ topic: 'fleets', route: 'fleets', everyMs });
  if (data.length === 0) return null;
  return (
    <ul class={refused ? 'now-runs fleets old' : 'now-runs fleets'} aria-label="Fleets">
      {inOrder(data).map(({ fleet, standing }) => (
        <li key={fleet}>
          {'value' in standing ? (
            <Line fleet={fleet} standing={standing.value} />
          ) : (
            <a class="bad" href={hrefOf.fleet(fleet)}>
              <StateMark tone="bad" word="No answer" />
              <strong>Fleet {fleet}</strong>
              <small>{standing.trouble.message}</small>
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

function Line({ fleet, standing }: { fleet: string; standing: FleetStanding }) {
  const { phase, wave } = standing;
  return (
    <a class={fleetWord(phase).tone} href={hrefOf.fleet(fleet)}>
      <StateMark {...fleetWord(phase)} />
      <strong>Fleet {fleet}</strong>
      {wave && <small>{waveWords(wave)}</small>}
      <Counts of={standing} />
      <span class="go">{fleetWaitsForPerson(standing) ? 'Answer it →' : 'Watch it →'}</span>
      <FleetBar of={standing} />
    </a>
  );
}

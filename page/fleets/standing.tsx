import { countsInOrder, type FleetStanding } from '../../domain/fleet/summary.ts';
import { Mark } from '../parts/state-mark.tsx';
import { partsOf, toneOfState } from './words.ts';

type Counted = Pick<FleetStanding, 'counts' | 'platforms'>;

/** `12 passed`, `1 failed`, each with its mark. */
export function Counts({ of: { counts } }: { of: Counted }) {
  return (
    <span class="counts">
      {countsInOrder(counts).map(({ state, count }) => (
        <span key={state} class={`item ${toneOfState[state]}`}>
          <Mark tone={toneOfState[state]} />
          <span>
            {count} {state}
          </span>
        </span>
      ))}
    </span>
  );
}

/** What it shows stands in words beside it. */
export function FleetBar({ of }: { of: Counted }) {
  return (
    <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect class="rail" width="100" height="4" rx="1" />
      {partsOf(of).map(({ state, tone, from, share }) => (
        <rect key={state} class={`fill ${tone}`} x={from * 100} width={share * 100} height="4" />
      ))}
    </svg>
  );
}

import type { FleetProgress } from '../../domain/fleet/fleet.ts';
import { bytes } from '../../domain/units.ts';
import { ApproveWave } from '../actions/fleet-actions.tsx';
import { lasting } from '../parts/times.ts';
import { askedOf } from './waves.ts';

/** The question, with all that it is about in a few lines; the plans follow below, each with its hash. */
export function WaveApproval({ progress }: { progress: FleetProgress }) {
  const { wave, waveHash = '' } = progress;
  const { covered, left, bytes: size, longestDowntimeSeconds } = askedOf(progress);
  return (
    <section class="ask" aria-labelledby="approval">
      <h2 id="approval">Approve wave {wave?.number}?</h2>
      <ul>
        <li>
          Restores {covered.length} {covered.length === 1 ? 'platform' : 'platforms'}
          {size > 0 && ` with ${bytes(size)}`}, by the plans below and no others: each is stopped, and its data
          replaced.
        </li>
        {longestDowntimeSeconds !== undefined && (
          <li>
            Each is down for at most about <strong>{lasting(longestDowntimeSeconds)}</strong>.
          </li>
        )}
        {left.length > 0 && (
          <li>Not covered: {left.map(({ platform, state }) => `${platform} (${state})`).join(', ')}.</li>
        )}
        <li>
          Hash of the wave: <code>{waveHash}</code>
        </li>
      </ul>
      <div class="buttons">
        <ApproveWave progress={progress} />
      </div>
    </section>
  );
}

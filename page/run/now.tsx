import type { RunDetails } from '../../api/types.ts';
import { useNow } from '../api/hooks.ts';
import { Bar } from '../parts/bar.tsx';
import { countsOf, isOpen } from './summary.ts';
import { progressWords, shareOf } from './time-left.ts';

/** What works at this moment, above all that is done: on a phone the list of steps is long. */
export function Now({ details }: { details: RunDetails }) {
  const now = useNow();
  const { progress, pending } = details;
  if (pending.length === 0 || !isOpen(details)) return null;
  const { ended, all } = countsOf(progress);
  return (
    <section class="now-works" aria-label="What works now">
      <ul>
        {pending.map((one) => (
          <li key={one.step}>
            <strong>{one.title}</strong> <span class="dim figure">{progressWords(one, now)}</span>
            <Bar share={shareOf(one) ?? 0} tone="busy" />
          </li>
        ))}
      </ul>
      {all > 0 && (
        <p class="dim figure">
          {ended} of {all} steps done
        </p>
      )}
    </section>
  );
}

import type { RunProgress } from '../../domain/runs/progress.ts';
import { Section } from '../parts/section.tsx';
import { Time } from '../parts/time.tsx';
import { wordsOf } from './said.ts';

/** Who said what, and when. */
export function Said({ progress }: { progress: RunProgress }) {
  const words = wordsOf(progress);
  if (words.length === 0) return null;
  return (
    <Section title="Approvals and decisions">
      <ol class="story">
        {words.map(({ at, text }) => (
          <li key={at + text}>
            <Time at={at} /> {text}
          </li>
        ))}
      </ol>
    </Section>
  );
}

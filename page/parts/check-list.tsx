import type { Check } from '../../domain/checks.ts';
import { Mark } from './state-mark.tsx';
import { verdictWords, type Tone } from './tones.ts';

const toneOf = ({ verdict, warning }: Check): Tone => (warning ? 'warn' : verdictWords[verdict].tone);

/** Those that ask for something stand open; the others are one line that opens. */
export function Checks({ checks }: { checks: readonly Check[] }) {
  const fine = checks.filter((check) => toneOf(check) === 'good');
  const others = checks.filter((check) => toneOf(check) !== 'good');
  return (
    <>
      {others.length > 0 && <List checks={others} />}
      {fine.length > 0 && (
        <details>
          <summary>
            {fine.length} {fine.length === 1 ? 'check' : 'checks'} passed
          </summary>
          <List checks={fine} />
        </details>
      )}
    </>
  );
}

function List({ checks }: { checks: readonly Check[] }) {
  return (
    <ul class="checks">
      {checks.map((check) => (
        <li key={check.name} class={toneOf(check)}>
          <Mark tone={toneOf(check)} />
          <div>
            <strong>{check.name}</strong>{' '}
            {toneOf(check) !== 'good' && <em>{check.warning ? 'warning' : check.verdict}</em>}
            <p>{check.evidence}</p>
            {check.remedy !== '' && <p class="remedy">→ {check.remedy}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}

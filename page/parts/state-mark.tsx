import { tonePaths, type StateWord, type Tone } from './tones.ts';

export function Mark({ tone }: { tone: Tone }) {
  return (
    <svg class={`mark ${tone}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path d={tonePaths[tone]} />
    </svg>
  );
}

/** A state in a word, a colour and a shape. */
export function StateMark({ tone, word }: StateWord) {
  return (
    <span class={`state ${tone}`}>
      <Mark tone={tone} />
      {word}
    </span>
  );
}

import type { ComponentChildren } from 'preact';
import { Mark } from './state-mark.tsx';
import type { Tone } from './tones.ts';

interface Text {
  tone?: Tone;
  message: ComponentChildren;
  remedy?: string | undefined;
  children?: ComponentChildren;
}

/** Reasons are made to stand behind something; here they stand alone. */
const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** What is wrong, and what to do about it. */
export function Notice({ tone = 'bad', message, remedy, children }: Text) {
  return (
    <div class={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <Mark tone={tone} />
      <div>
        <p>{typeof message === 'string' ? sentence(message) : message}</p>
        {remedy !== undefined && remedy !== '' && <p class="remedy">→ {remedy}</p>}
        {children}
      </div>
    </div>
  );
}

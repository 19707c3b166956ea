import type { ComponentChildren } from 'preact';
import { Mark } from './state-mark.tsx';
import type { Tone } from './tones.ts';

interface Text {
  tone?: Tone;
  message: ComponentChildren;
  remedy?: string | undefined;
  children?: ComponentChildren;
}

/** What is wrong, and what to do about it. */
export function Notice({ tone = 'bad', message, remedy, children }: Text) {
  return (
    <div class={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <Mark tone={tone} />
      <div>
        <p>{message}</p>
        {remedy !== undefined && remedy !== '' && <p class="remedy">→ {remedy}</p>}
        {children}
      </div>
    </div>
  );
}

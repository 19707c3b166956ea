import type { Used } from './objective.ts';

/** What it shows stands in words beside it. */
export function Bar({ share, tone }: Used) {
  return (
    <svg class={`bar ${tone}`} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect class="rail" width="100" height="4" rx="1" />
      <rect class="fill" width={Math.max(1, share * 100)} height="4" rx="1" />
    </svg>
  );
}

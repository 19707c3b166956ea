import type { Platform } from '../platform.ts';

export interface NextStep {
  command: string;
  why: string;
}

/** From a file that was just written to a backup that is proven. `hasKey`: captures and streams can be encrypted. */
export function nextSteps({ platform: name }: Platform, { hasKey }: { hasKey: boolean }): NextStep[] {
  return [
    ...(hasKey
      ? []
      : [{ command: 'rekindle keygen', why: 'makes the key without which no backup begins; keep a copy in a safe' }]),
    { command: `rekindle validate ${name}`, why: 'compares the file with what runs' },
    { command: 'rekindle up', why: 'in another terminal, unless a worker runs: carries runs out' },
    { command: `rekindle backup ${name}`, why: 'the first recovery point' },
    {
      command: `rekindle drill ${name}`,
      why: 'restores it next to the platform, compares, removes the copy: proven',
    },
  ];
}

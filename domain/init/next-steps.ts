import { sceneOf } from '../drills/scene.ts';
import { Failure } from '../failures.ts';
import type { Platform } from '../platform.ts';

export interface NextStep {
  command: string;
  why: string;
}

/** From a file that was just written to a backup that is proven. `hasKey`: captures and streams can be encrypted. */
export function nextSteps(platform: Platform, { hasKey }: { hasKey: boolean }): NextStep[] {
  const name = platform.platform;
  const refused = whyNoDrill(platform);
  return [
    ...(hasKey
      ? []
      : [{ command: 'rekindle keygen', why: 'makes the key without which no backup begins; keep a copy in a safe' }]),
    { command: `rekindle validate ${name}`, why: 'compares the file with what runs' },
    { command: 'rekindle up', why: 'in another terminal, unless a worker runs: carries runs out' },
    { command: `rekindle backup ${name}`, why: 'the first recovery point' },
    refused === undefined
      ? {
          command: `rekindle drill ${name}`,
          why: 'restores it next to the platform, compares, removes the copy: proven',
        }
      : { command: `rekindle restore ${name} --dry-run`, why: `what a restore would do; no drill, since ${refused}` },
  ];
}

function whyNoDrill(platform: Platform): string | undefined {
  try {
    sceneOf(platform, { run: 'drill', id: '00000000' });
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

import { inject } from 'vitest';
import type { DemoPlatform } from '../../../stack/demo-platform.ts';
import { openDemoPlatform } from '../../../stack/demo-platform.ts';
import type { Seeded } from '../../../stack/seed.ts';

/** What the global set-up made for each lane of scenarios: one platform, one Temporal, one key, one recovery point. */
export interface Facts {
  project: string;
  /** The platform's folder: compose.yaml, secrets, platforms/. */
  folder: string;
  platformsFolder: string;
  keyFile: string;
  temporalAddress: string;
  /** The only recovery point that a platform has after `reset`. */
  point: string;
  seeded: Seeded;
  /** By index: what its documents are, but for the jobs', which live on, and the closed index's. */
  fingerprints: Record<string, string>;
}

declare module 'vitest' {
  interface ProvidedContext {
    scenarios: Facts[];
  }
}

/** Those of the lane that this process runs its files in. */
export function facts(): Facts {
  const lanes = inject('scenarios');
  const lane = Number(process.env['VITEST_POOL_ID'] ?? 1) - 1;
  const found = lanes[lane];
  if (found === undefined) throw new Error(`no platform was made for lane ${lane} of ${lanes.length}`);
  return found;
}

/** The shared demo platform, as the functions of `stack/` want it. */
export const thePlatform = async (): Promise<DemoPlatform> => openDemoPlatform(facts().project, facts().folder);

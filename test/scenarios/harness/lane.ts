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

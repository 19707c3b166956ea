import type { IndexName } from '../platform.ts';

/** What becomes of an index that stands on the destination already under the name that the copy gives. */
export type ExistingTreatment = 'fail' | 'skip' | 'replace' | 'swap';
export const existingTreatments: readonly ExistingTreatment[] = ['fail', 'skip', 'replace', 'swap'];

/** What a person wants of a copy, beyond where from and where to. */
export interface CopyWishes {
  /** Index patterns; a leading `-` excludes. System indices only when named exactly. */
  indices: string[];
  /** Rules `from=to`, each with at most one `*` on either side: `nuvla-*=staging-*`. The first that fits counts. */
  rename: string[];
  existing: ExistingTreatment;
  /** Whether aliases come along. */
  aliases: boolean;
  /** Index settings that get another value: `index.number_of_replicas: 0`. */
  settings: Record<string, string>;
  /** Index settings that are left out, so that the destination's defaults hold. */
  ignoreSettings: string[];
  /** Whether the services that use the indices, by the platform file, stand still meanwhile. */
  stopUsers: boolean;
}

export const usualWishes: CopyWishes = {
  indices: ['*'],
  rename: [],
  existing: 'fail',
  aliases: true,
  settings: {},
  ignoreSettings: [],
  stopUsers: false,
};

/** One index of the copy: what it is called in the snapshot, and what on the destination. */
export interface CopiedIndex {
  source: IndexName;
  /** The index that the restore creates. */
  restored: IndexName;
}

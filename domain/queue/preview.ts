import type { QueueEntry } from './job-table.ts';
import type { StoreName } from '../platform.ts';
import type { NamedEntry } from './entry-names.ts';

/** What a rebuild of a queue would do. `unseen`: why nobody could look. */
export type QueuePreview = { store: StoreName; source: string } & (
  | { unseen: string }
  | {
      /** Jobs that must stand in the queue. */
      jobs: number;
      /** Documents by state, jobs by priority, documents by the rule that leaves them out. */
      states: Record<string, number>;
      priorities: Record<string, number>;
      leftOut: Record<string, number>;
      /** Jobs that ran at the time of the backup and will run again. */
      runningAgain: number;
      /** Documents whose job another document names. */
      repeated: number;
      queue:
        | { unseen: string }
        | {
            path: string;
            entries: number;
            missing: number;
            extra: NamedEntry[];
            duplicates: NamedEntry[];
            taken: number;
          };
      /** In queue order; only when it was asked for. */
      list?: QueueEntry[];
    }
);

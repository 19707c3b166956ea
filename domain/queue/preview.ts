import type { QueueEntry } from './job-table.ts';
import type { StoreName } from '../platform.ts';
import type { NamedEntry } from './entry-names.ts';

/** What a rebuild of a queue would do. `unseen`: why it could not be read. */
export type QueuePreview = { store: StoreName; source: string } & (
  | { unseen: string }
  | {
      /** Jobs that must be in the queue. */
      jobs: number;
      /** Documents by state, jobs by priority, documents by the rule that excludes them. */
      states: Record<string, number>;
      priorities: Record<string, number>;
      leftOut: Record<string, number>;
      /** Jobs that ran at the time of the backup and will run again. */
      runningAgain: number;
      /** Documents whose job is also named by another document. */
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
      /** In queue order; only when requested. */
      list?: QueueEntry[];
    }
);

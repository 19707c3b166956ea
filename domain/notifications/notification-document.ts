import type { ReadinessNews } from '../readiness/readiness.ts';
import type { FreshnessNews } from '../status/freshness.ts';
import type { NotificationEvent, PlatformName } from '../platform.ts';
import type { RecoveryPointId } from '../recovery-points/recovery-point.ts';
import type { Phase, RunProgress } from '../runs/progress.ts';
import type { StartedBy } from '../runs/started-by.ts';

/** What a webhook receives as JSON. Fields are added, never renamed; `version` changes when that cannot be kept. */
export interface NotificationDocument {
  version: 1;
  /** The same whenever this document is sent again; also in the header `Idempotency-Key`. */
  id: string;
  event: NotificationEvent;
  platform: PlatformName;
  /** When it happened. ISO 8601, UTC, as everywhere. */
  at: string;
  /** One line for people; what chat tools show. */
  text: string;
  run?: {
    id: string;
    kind: RunProgress['kind'];
    phase: Phase;
    startedAt: string;
    startedBy?: StartedBy;
    finishedAt?: string;
    durationSeconds?: number;
    recoveryPoint?: RecoveryPointId;
  };
  failure?: { kind: string; message: string; remedy: string };
  waiting?: {
    for: 'approval' | 'decision' | 'repair';
    since: string;
    /** When it ends without an answer; absent: it waits until someone answers. */
    until?: string;
    planHash?: string;
    /** The plan that waits for approval, in at most ten lines. */
    summary?: string[];
    downtimeSeconds?: number;
    step?: string;
    /** `approvers` empty: anybody may answer. */
    who: { approvers: string[]; needed: number; approvedBy: string[] };
    answers: { choice: string; meaning: string; command: string }[];
  };
  /** What a restore left in quarantine, with the command that brings it back. */
  quarantine?: { volumes: string[]; keptUntil?: string; commands: string[] };
  freshness?: Omit<FreshnessNews, 'what' | 'event' | 'at'>;
  /** Whether the platform could be restored now, and what has changed. */
  readiness?: Omit<ReadinessNews, 'what' | 'at'>;
  /** Of the event `recovery`: what is over now. */
  recoveredFrom?: { run: string; kind?: string; at: string } | { staleSince: string };
  /** `run`: in Temporal's UI; `page`: of the run or the platform, where a person sees and answers. */
  links?: { run?: string; page?: string };
}

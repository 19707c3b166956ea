import type { HostName, PlatformName } from '../platform.ts';
import type { RecoveryPointId } from '../recovery-points/recovery-point.ts';
import type { RestoreInput } from '../runs/run.ts';
import type { StartedBy } from '../runs/started-by.ts';

// A fleet: many platforms that are restored together, in waves.

/** How many platforms are worked on at the same time; absent: only the others limit it. */
export interface FleetLimits {
  overall: number;
  /** On one machine, whose disks and network they share. */
  perHost?: number;
  /** That read from one bucket, or from one place of another kind. */
  perRepository?: number;
}

/** How many platforms may fail before nothing more is started: so many, or so many of a hundred of the whole fleet. */
export type FailureThreshold = { count: number } | { percent: number };

/** `wave`: one approval for the plans of a wave; `each`: each restore asks as its platform file says. */
export type FleetApproval = 'wave' | 'each';

/** What all restores of the fleet are told. */
export type FleetRestore = Pick<RestoreInput, 'point' | 'before' | 'volumes' | 'runningBackup'>;

/** Input of the workflow `fleet`: names only. */
export interface FleetInput {
  fleet: string;
  platforms: PlatformName[];
  /** Of these, restored first, and before any other. */
  canaries: PlatformName[];
  limits: FleetLimits;
  stopWhenFailed: FailureThreshold;
  /** Platforms of a wave, after the canaries. */
  waveSize: number;
  approval: FleetApproval;
  restore: FleetRestore;
  startedBy?: StartedBy;
  /** Approval of every wave by the caller, in advance (`--yes`). */
  approvedBy?: string;
  /** Of a history, before the fleet goes on in another execution. */
  mostEvents?: number;
}

/** `skipped`: nothing was done about it, because it was held by another run, or the fleet ended before. */
export type MemberState = 'waiting' | 'running' | 'passed' | 'failed' | 'inconclusive' | 'skipped';

/** A platform of the fleet, and what became of it. */
export interface Member {
  platform: PlatformName;
  /** Counts from 1; 0 until it is known. */
  wave: number;
  state: MemberState;
  host: HostName;
  /** Of its host. */
  taskQueue: string;
  /** The places that its backups are read from. */
  repositories: string[];
  /** Of the newest good recovery point; absent: not known. */
  bytes?: number;
  /** The plan that an approval of the wave covers. */
  plan?: { hash: string; point?: RecoveryPointId; downtimeSeconds?: number };
  /** The restore's workflow id. */
  run?: string;
  /** The first execution under that id, which is followed also when a restore was reset. */
  execution?: string;
  /** Why it failed or was skipped. At most 300 characters. */
  reason?: string;
}

export type FleetPhase =
  'surveying' | 'planning' | 'waiting for approval' | 'running' | 'paused' | 'held' | 'stopping' | 'passed' | 'failed';

export const finalFleetPhases: ReadonlySet<FleetPhase> = new Set(['passed', 'failed']);

/** It goes on when a person has given a word. */
export const fleetWaitsForPerson = ({ phase }: { phase: string }): boolean =>
  phase === 'waiting for approval' || phase === 'held' || phase === 'paused';

/** What a person said to a fleet. */
export interface FleetWord {
  word: 'approved' | 'paused' | 'resumed' | 'stopped';
  by: string;
  at: string;
  reason?: string;
}

/** Everything known of a fleet's restore: the answer of the query `fleet`, and its result. */
export interface FleetProgress {
  fleet: string;
  phase: FleetPhase;
  /** A line for people: what it waits for, why it is held. */
  note?: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  finishedAt?: string;
  startedBy?: StartedBy;
  approval: FleetApproval;
  limits: FleetLimits;
  stopWhenFailed: FailureThreshold;
  /** The wave that is worked on, and how many there are; absent while platforms are surveyed. */
  wave?: { number: number; of: number; canaries?: true };
  /** While a wave waits for approval, and after it: SHA-256 over the hashes of its plans. */
  waveHash?: string;
  /** The last hundred. */
  words: FleetWord[];
  members: Member[];
}

export const workflowOfFleet = (fleet: string): string => `fleet/${fleet}`;

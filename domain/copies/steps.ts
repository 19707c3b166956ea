import type { IndexName, PlatformName, SnapshotName, StoreName } from '../platform.ts';
import type { RecoveryPointId } from '../recovery-points/point-id.ts';
import type { Renaming } from './rename.ts';
import type { CopiedIndex } from './wishes.ts';

/** Where a copy comes from: all that a step needs to find it again. */
export interface CopySource {
  from: PlatformName;
  fromStore: StoreName;
  recoveryPoint: RecoveryPointId;
  /** Under which name the destination knows the repository. */
  repository: string;
  snapshot: SnapshotName;
}

/** One name, and what it means afterwards. */
export interface AliasSwap {
  name: string;
  index: IndexName;
  /** The index that has the name now: deleted in the same moment. */
  removes?: { index: IndexName; uuid: string };
  /** Indices that the alias means now, and does not afterwards; they stay. */
  leaves: IndexName[];
}

/** What a copy can do to its destination: a part of `StepArguments`. */
export interface CopyStepArguments {
  /** Registers the source's repository on the destination, read-only, under a name of its own. */
  registerSource: { store: StoreName } & CopySource;
  /** The snapshot is there, whole, with these indices. */
  verifySource: { store: StoreName; indices: number } & CopySource;
  /** Forgets the registration. What lies in the repository stays. */
  forgetSource: { store: StoreName } & CopySource;
  /** Deletes these very indices, and no others that have got their names since. */
  removeIndices: { store: StoreName; indices: { index: IndexName; uuid: string }[] };
  copyIndices: {
    store: StoreName;
    indices: CopiedIndex[];
    renaming?: Renaming;
    aliases: boolean;
    settings: Record<string, string>;
    ignoreSettings: string[];
    /** Documents are searched while replicas are made: they come after the check. */
    withoutReplicas?: true;
  } & CopySource;
  /** Deletes what `copyIndices` restored, and nothing else. */
  discardCopied: { store: StoreName; indices: CopiedIndex[] } & CopySource;
  verifyCopied: { store: StoreName; indices: CopiedIndex[]; aliases: boolean } & CopySource;
  /** By number of replicas, the indices that get so many. */
  raiseReplicas: { store: StoreName; replicas: Record<string, IndexName[]> };
  /** All in one moment, so that no reader meets a gap. */
  swapAliases: { store: StoreName; swaps: AliasSwap[] };
}

import type { Check } from '../checks.ts';
import type { HostName, StoreName } from '../platform.ts';
import type { ContainerStarts, StepArguments } from './step-arguments.ts';

export type Action = keyof StepArguments;
export type StepId = string;

/** What puts a step's work back: an action of the same table, idempotent, registered before the step runs. */
export type Undo = { [A in Action]: { action: A; arguments: StepArguments[A] } }[Action];

export type Step = {
  [A in Action]: {
    id: StepId;
    action: A;
    /** The host that it runs on, with its undo; absent: the platform's own. */
    host?: HostName;
    /** Of a restore beside the platform: carried out in the plan's scene. All steps of a drill are, and none says so. */
    scene?: true;
    arguments: StepArguments[A];
    /** Steps that must be done before this one starts. */
    after: StepId[];
    undo?: Undo;
    /** Past the point of no return, too: what the run changed for its own sake is put back however it ends. */
    undoAlways?: true;
    /** True when the step removes data from where its service looks for it. */
    destructive?: true;
    skippable?: true;
    /** Before the point of no return, too, a failure is put to a person instead of ending the run. */
    asks?: true;
    /** Of a backup: when the step fails for good, the run goes on without this store. */
    optionalStore?: StoreName;
  };
}[Action];

/** What a step says when it is done: one line for people, and the checks on which a verdict rests. */
export interface StepOutcome {
  summary: string;
  checks?: Check[];
  /** Of a start: which start of each container it was, as the engine counts them. */
  starts?: ContainerStarts;
  /** Which attempt it was that did it, when the first did not. */
  attempt?: number;
}

/** One executor per action; the compiler names the one that a new action forgot. */
export type Executors = {
  [A in Action]: (args: StepArguments[A]) => Promise<StepOutcome>;
};

/** The heartbeat of a long step; `total` 0 means that the end is not known. */
export interface StepProgress {
  done: number;
  total: number;
  unit: 'bytes' | 'shards' | 'snapshots' | 'entries' | 'documents' | 'containers' | 'lines' | 'seconds' | 'receivers';
  note: string;
}

import { operationsOf, type OperationMarks } from '../recovery-points/expected-set.ts';
import type { IndexName, StoreName } from '../platform.ts';
import type { StepId } from '../plans/steps.ts';
import type { ExpectedIndex } from '../recovery-points/recovery-point.ts';

/** What a restore will cost, shown before it is approved. An estimate, so no part of the plan's hash. */
export interface Forecast {
  downtimeSeconds: number;
  /** Where the figure comes from: `from 1 restore and 3 drills`. */
  basis: string;
  /** What it is the sum of; absent: no plan could be made, or an earlier version made it. */
  parts?: ForecastPart[];
  /** What the snapshots hold that each step restores, by the step's id. */
  bytes?: Record<StepId, number>;
  lost: LostData[];
}

/** A share of the forecast, with what it is known from. */
export interface ForecastPart {
  /** In words: `restoring indices`. */
  part: string;
  seconds: number;
  from: ('restores' | 'drills' | 'guess')[];
  /** In how many it was measured. */
  runs: { restores?: number; drills?: number };
}

/** What was written after the recovery point and will be gone. */
export interface LostData {
  store: StoreName;
  /** Everything since then; ISO 8601, UTC. */
  since: string;
  /** Those that lose most, at most 50. Absent when the store does not answer: then it is unknown. */
  indices?: LostOperations[];
  /** What the others lose together, and how many they are. */
  others?: { indices: number } & Pick<LostOperations, 'atLeast' | 'atMost'>;
}

export interface LostOperations {
  index: IndexName;
  /** Operations (a document written, changed or deleted) after the snapshot: sequence numbers tell, within a range. */
  atLeast: number;
  atMost: number;
  /** In words, where numbers are not all: `not in the recovery point`. */
  note?: string;
}

const mostNamed = 50;

/** A forecast is shown and kept: it does not grow with the number of indices. `lost`: those that lose most first. */
export function boundedLoss(lost: readonly LostOperations[]): Pick<LostData, 'indices' | 'others'> {
  const others = lost.slice(mostNamed);
  const sum = (figure: 'atLeast' | 'atMost') => others.reduce((all, one) => all + one[figure], 0);
  return {
    indices: lost.slice(0, mostNamed),
    ...(others.length > 0 && {
      others: { indices: others.length, atLeast: sum('atLeast'), atMost: sum('atMost') },
    }),
  };
}

/** Per index, from the sequence numbers now against those beside the snapshot; indices that lose nothing are left out. */
export function lostOperations(expected: readonly ExpectedIndex[], now: OperationMarks): LostOperations[] {
  const lost = Object.entries(now).map(([index, marks]): LostOperations => {
    const known = expected.find(({ name }) => name === index);
    const all = { index, atLeast: marks.count, atMost: marks.count };
    if (known === undefined) return { ...all, note: 'not in the recovery point' };
    if (known.operations === undefined) return { ...all, atLeast: 0, note: 'an older recovery point: unknown' };
    if (known.operations.uuid !== marks.uuid) return { ...all, atLeast: 0, note: 'created anew since' };
    const operations = operationsOf(marks.seqNos);
    const { before, after } = known.operations;
    return { index, atLeast: Math.max(0, operations - after), atMost: Math.max(0, operations - before) };
  });
  return lost
    .filter(({ atMost, note }) => atMost > 0 || note !== undefined)
    .toSorted((a, b) => b.atMost - a.atMost || (a.index < b.index ? -1 : 1));
}

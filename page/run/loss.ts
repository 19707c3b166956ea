import type { LostData, LostOperations } from '../../domain/runs/forecast.ts';

/** `3 to 5 operations`; `at most` where the lower end is not known. */
export function operationsWords({ atLeast, atMost }: Pick<LostOperations, 'atLeast' | 'atMost'>): string {
  const figure = (count: number) => count.toLocaleString('en');
  const unit = atMost === 1 ? 'operation' : 'operations';
  if (atLeast === atMost) return `${figure(atMost)} ${unit}`;
  return atLeast === 0 ? `at most ${figure(atMost)} ${unit}` : `${figure(atLeast)} to ${figure(atMost)} ${unit}`;
}

/** All of a store's loss in one line; undefined: the store does not answer, so nobody knows. */
export function lossOf({ indices, others }: LostData): string | undefined {
  if (indices === undefined) return undefined;
  const all = [...indices, ...(others ? [others] : [])];
  const sum = (end: 'atLeast' | 'atMost') => all.reduce((total, one) => total + one[end], 0);
  const unknown = indices.some(({ note }) => note !== undefined);
  if (all.length === 0) return 'nothing';
  return `${operationsWords({ atLeast: sum('atLeast'), atMost: sum('atMost') })}${unknown ? ', see the notes' : ''}`;
}

import { parseArgs } from 'node:util';
import type { Shape } from '../stack/shapes.ts';
import { dealtShapes } from './cases.ts';
import { operationNames, usualOperations, type OperationName } from './operations.ts';

export interface Options {
  faults: number;
  seed: number;
  /** Indices of single cases; empty: 1 to `faults`. */
  only: number[];
  operations: OperationName[];
  shapes: Shape[];
  parallel: number;
  stateFile: string;
  resume: boolean;
  table?: string;
  /** Keep the logs of every case. */
  logs: boolean;
}

export const usage = `usage: npm run chaos -- [--faults <count>] [--seed <number>] …
  --faults <count>       how many cases, 12 by default
  --seed <number>        which ones, 1 by default; the same seed gives the same cases
  --only <index,…>       only these cases of the seed
  --operations <name,…>  of ${operationNames.join(', ')}; ${usualOperations.join(',')} by default. Another choice gives other cases
  --shapes <name,…>      of ${dealtShapes.join(', ')}; volumes by default: how the platform is built
  --parallel <count>     so many cases side by side, each on an engine of its own; 1 by default
  --state <file>         where finished cases are noted; .rekindle/chaos/<seed>.json by default
  --resume               goes on with an interrupted run: cases that are noted there are not run again
  --table <file>         writes the table of the cases, in Markdown, between the file's chaos marks
  --logs                 keeps the logs of every case, not only of those that violate something`;

/** Throws with a sentence for the user when an argument makes no sense; undefined: help was asked for. */
export function readArguments(args: string[]): Options | undefined {
  const { values } = parseArgs({
    args,
    options: {
      faults: { type: 'string', default: '12' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
      operations: { type: 'string', default: usualOperations.join(',') },
      shapes: { type: 'string', default: 'volumes' },
      parallel: { type: 'string', default: '1' },
      state: { type: 'string' },
      resume: { type: 'boolean', default: false },
      table: { type: 'string' },
      logs: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const seed = whole('--seed', values.seed, 0);
  return {
    faults: whole('--faults', values.faults, 1),
    seed,
    only: values.only === '' ? [] : values.only.split(',').map((index) => whole('--only', index, 1)),
    operations: choice('--operations', values.operations, operationNames),
    shapes: choice('--shapes', values.shapes, dealtShapes),
    parallel: whole('--parallel', values.parallel, 1),
    stateFile: values.state ?? `.rekindle/chaos/${seed}.json`,
    resume: values.resume,
    table: values.table,
    logs: values.logs,
  };
}

/** In the order of `known`: the same choice in another order is the same choice. */
function choice<T extends string>(name: string, text: string, known: readonly T[]): T[] {
  const chosen = text.split(',');
  const unknown = chosen.filter((each) => !known.some((one) => one === each));
  if (unknown.length > 0) throw new Error(`${name}: there is no ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return known.filter((each) => chosen.includes(each));
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${name} needs a whole number of at least ${least}, not "${text}"`);
}

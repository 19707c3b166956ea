import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Case } from './cases.ts';
import type { Shape } from '../stack/shapes.ts';
import type { OperationName } from './operations.ts';
import type { CaseResult } from './run-case.ts';

export interface Noted {
  case: Case;
  result: CaseResult;
}

/** What a run of the suite has done so far: enough to go on with it. */
export interface State {
  seed: number;
  operations: OperationName[];
  shapes: Shape[];
  noted: Noted[];
}

/** Undefined: there is no such file. Throws when it belongs to another seed or other operations. */
export async function readState(file: string, wanted: Omit<State, 'noted'>): Promise<State | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const state = JSON.parse(text) as State;
  const of = ({ seed, operations, shapes }: Omit<State, 'noted'>) =>
    `seed ${seed} with ${[...operations, ...shapes].join(',')}`;
  if (of(state) !== of(wanted))
    throw new Error(`${file} is of ${of(state)}: go on with those, or name another file by --state`);
  return state;
}

/** Whole or not at all: the suite may be killed at any moment. */
export async function writeState(file: string, state: State): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(state, undefined, 1));
  await rename(`${file}.new`, file);
}

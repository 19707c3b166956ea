import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pLimit from 'p-limit';
import type { Options } from './arguments.ts';
import { type Case, drawCase } from './cases.ts';
import { type Golden, operations } from './operations.ts';
import { type Noted, readState, type State, writeState } from './state.ts';
import { caseLine, lastLine, withTable } from './table.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

const machineHost = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';

/** Runs the cases that are asked for and not noted yet; true: the oracle is content with all of them. */
export async function runSuite(options: Options, signal: AbortSignal): Promise<boolean> {
  if (process.getuid?.() !== 0) throw new Error('The suite runs a Docker engine of its own, which only root can');
  const { seed, operations: among, shapes, stateFile } = options;
  const fresh: State = { seed, operations: among, shapes, noted: [] };
  const state = (options.resume ? await readState(stateFile, fresh) : undefined) ?? fresh;
  const indices = options.only.length > 0 ? options.only : Array.from({ length: options.faults }, (_, at) => at + 1);
  const done = new Set(state.noted.map(({ case: { index } }) => index));
  const cases = indices.filter((index) => !done.has(index)).map((index) => drawCase(seed, index, among, shapes));
  say(`seed ${seed}: ${cases.length} cases${done.size > 0 ? `, ${done.size} noted in ${stateFile}` : ''}`);

  const keepLogs = join(dirname(stateFile), `logs-${seed}`);
  const workshop = await openWorkshop(keepLogs, options.logs);
  const interrupt = () => void workshop.interrupt();
  signal.addEventListener('abort', interrupt);
  try {
    if (cases.length > 0) await prepare(workshop, cases);
    const note = async (noted: Noted) => {
      state.noted.push(noted);
      await writeState(stateFile, state);
      say(caseLine(noted));
    };
    await runAll(workshop, cases, options.parallel, signal, note);
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', interrupt);
    await workshop.remove();
  }

  const asked = state.noted
    .filter(({ case: { index } }) => indices.includes(index))
    .toSorted((a, b) => a.case.index - b.case.index);
  if (options.table !== undefined) await writeTable(options.table, seed, asked);
  const content = asked.every(({ result }) => result.violations.length === 0);
  if (!content) say(`logs of what was violated: ${keepLogs}`);
  say(lastLine(asked));
  return content;
}

async function prepare(workshop: Workshop, cases: Case[]): Promise<void> {
  const began = Date.now();
  for (const shape of new Set(cases.map((planned) => planned.shape))) {
    const wanted = new Set<Golden>(
      cases.filter((planned) => planned.shape === shape).map(({ operation }) => operations[operation].golden),
    );
    for (const golden of wanted.has('restored') ? (['written', 'restored'] as const) : (['written'] as const)) {
      await workshop.prepare(golden, shape, machineHost);
      say(`golden state "${golden}" of ${shape} is ready after ${((Date.now() - began) / 1000).toFixed(0)} s`);
    }
  }
}

/** Side by side. Once one could not begin, those that wait are left, and those that run are awaited and noted. */
async function runAll(
  workshop: Workshop,
  cases: Case[],
  parallel: number,
  signal: AbortSignal,
  note: (noted: Noted) => Promise<void>,
): Promise<void> {
  const limit = pLimit(parallel);
  const givenUp = new AbortController();
  const either = AbortSignal.any([signal, givenUp.signal]);
  const runs = cases.map((planned) =>
    limit(() => runAndNote(workshop, planned, either, note)).catch((error: unknown) => {
      givenUp.abort();
      throw error;
    }),
  );
  const failed = (await Promise.allSettled(runs)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** A case that could not begin, on a machine that is too busy for its servers, say, is begun once more. */
async function runAndNote(
  workshop: Workshop,
  planned: Case,
  signal: AbortSignal,
  note: (noted: Noted) => Promise<void>,
): Promise<void> {
  const work = { kind: 'case', case: planned } as const;
  const { golden } = operations[planned.operation];
  const interrupted = () => signal.aborted;
  for (let attempt = 1; !interrupted(); attempt += 1) {
    try {
      await note({ case: planned, result: await workshop.runCase(work, golden) });
      return;
    } catch (error) {
      if (interrupted()) return;
      if (attempt === 2) throw error;
      say(`case ${planned.index} could not begin and is begun again: ${(error as Error).message}`);
    }
  }
}

async function writeTable(file: string, seed: number, noted: Noted[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const text = existsSync(file) ? await readFile(file, 'utf8') : '';
  await writeFile(file, withTable(text, seed, noted));
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

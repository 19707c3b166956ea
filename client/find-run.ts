import type { Client, WorkflowHandle } from '@temporalio/client';
import { Failure } from '../domain/failures.ts';
import { onlyKeeps, waitsForPerson, type Phase } from '../domain/runs/progress.ts';
import { describeRun, isRunKind, listRuns, type RunLine } from './runs.ts';

export interface FoundRun extends RunLine {
  handle: WorkflowHandle;
}

/**
 * A run by its workflow id, or the one that a platform's name means: the one that waits for a person (in the phase
 * `wanted` rather than in another), else the one that works, else the newest. A quarantine that only keeps its data is
 * never meant, nor what is a part of another run. Failures: RunNotFound; InvalidArgument when several fit.
 */
export async function findRun(client: Client, reference: string, wanted?: Phase): Promise<FoundRun> {
  const run = (await runWithId(client, reference)) ?? (await runOfPlatform(client, reference, wanted));
  return { ...run, handle: client.workflow.getHandle(run.id) };
}

async function runWithId(client: Client, id: string): Promise<RunLine | undefined> {
  const run = await describeRun(client, id);
  if (run === undefined || isRunKind(run.kind)) return run;
  throw new Failure('RunNotFound', {
    message: `"${id}" is not a run but a workflow of the type "${run.kind}", which Rekindle uses internally`,
    remedy: '"rekindle runs" lists the runs',
  });
}

async function runOfPlatform(client: Client, platform: string, wanted: Phase | undefined): Promise<RunLine> {
  const listed = await listRuns(client, { platform });
  const open = listed.filter(({ status }) => status === 'running').map(({ id }) => id);
  // The list lags behind: who holds the lock is known at once, and so is how each of them stands.
  const holder = (await describeRun(client, `exclusive/${platform}`))?.partOf;
  const ids = new Set([...open, ...(holder === undefined ? [] : [holder])]);
  const seen = (await Promise.all([...ids].map((id) => describeRun(client, id)))).filter((run) => run !== undefined);
  const known = [...seen, ...listed.filter(({ id }) => !ids.has(id))].filter(isRunOfItsOwn);
  const [fitting, what] = meant(known, wanted);
  const [run, ...others] = fitting;
  if (run === undefined)
    throw new Failure('RunNotFound', {
      message: `There is no run and no platform with runs called "${platform}"`,
      remedy: '"rekindle runs" lists them',
    });
  if (others.length > 0) throw several(platform, what, fitting);
  return run;
}

const isRunOfItsOwn = ({ kind, partOf }: RunLine) => kind === 'quarantine' || partOf === undefined;

function meant(runs: readonly RunLine[], wanted: Phase | undefined): [fitting: RunLine[], what: string] {
  const open = runs.filter(({ status }) => status === 'running');
  const inPhase = open.filter(({ phase }) => phase === wanted);
  if (inPhase.length > 0) return [inPhase, `are ${wanted ?? ''}`];
  const waiting = open.filter(waitsForPerson);
  if (waiting.length > 0) return [waiting, 'wait for a person'];
  // A scrub and a drill work beside others, and change nothing.
  const busy = open.filter((run) => !onlyKeeps(run));
  const changing = busy.filter(({ kind }) => !['scrub', 'drill'].includes(kind));
  const working = changing.length > 0 ? changing : busy;
  if (working.length > 0) return [working, 'are under way'];
  const ended = runs.filter(({ kind }) => kind !== 'quarantine');
  return [ended.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1)).slice(0, 1), ''];
}

export function several(platform: string, what: string, runs: readonly RunLine[]): Failure {
  const lines = runs.map(({ id, phase, startedAt }) => `  ${id} (${phase || 'starting'}, since ${startedAt})`);
  return new Failure('InvalidArgument', {
    message: `"${platform}" could mean ${runs.length} runs that ${what}:\n${lines.join('\n')}`,
    remedy: 'Name one of them',
  });
}

/** For an answer to a run that no longer takes one. */
export function ended({ id, phase, status, closedAt }: RunLine): Failure {
  return new Failure('InvalidArgument', {
    message: `${id} has ended${closedAt === undefined ? '' : ` at ${closedAt}`} (${phase || status}): it no longer takes an answer`,
    remedy: `"rekindle report ${id}" shows how it went, "rekindle runs" lists all runs`,
  });
}

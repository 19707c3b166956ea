import type { DemoPlatform } from '../stack/demo-platform.ts';
import { untilHealthy } from '../stack/wait.ts';
import type { Case } from './cases.ts';
import { withoutPassing } from './engine-facts.ts';
import { factsOf } from './facts.ts';
import { followRun, type FollowedRun } from './follow.ts';
import { operations, type Operation } from './operations.ts';
import { contentDifferences, type Ending, type Facts, outcomeInWords, violations } from './oracle.ts';
import { pause } from './processes.ts';
import { repairAll, strikeAndRepair, untilMoment } from './strike.ts';
import { type GoldenFacts, wake, type World } from './world.ts';

export interface CaseResult {
  index: number;
  /** In words, for the suite's line. */
  outcome: string;
  violations: string[];
  /** Seconds from the operation's start to each strike; absent: the run was over before. */
  struckAt: (number | undefined)[];
  /** The run's own account of why it did not pass, and how it ended. */
  ending: Ending;
  /** Operation's start → run settled. */
  seconds: number;
}

/**
 * The longest that a run may take after the last repair, in seconds: its patience (20), one call to an engine that
 * froze (120), one health limit (60), and the operation itself on a slow machine.
 */
const limitSeconds = 300;
const rounds = 6;

export async function runCase(world: World, planned: Case): Promise<CaseResult> {
  world.note(`case ${JSON.stringify(planned)}`);
  const { platform, golden } = await wake(world);
  world.note('awake');
  const operation: Operation = operations[planned.operation];
  const before = await factsOf(world, platform);
  assertGolden(before, golden, operation);
  world.note('looked at');

  const result: CaseResult = {
    index: planned.index,
    outcome: 'not judged',
    violations: [],
    struckAt: [],
    ending: { state: 'runs' },
    seconds: 0,
  };
  try {
    await breakAndJudge({ world, platform, golden, operation, before }, planned, result);
  } catch (error) {
    // From here on whatever goes wrong may be the run's doing: it is not excused as the suite's.
    result.violations.push(`it could not be judged: ${inWords(error)}`);
  }
  return result;
}

interface Stage {
  world: World;
  platform: DemoPlatform;
  golden: GoldenFacts;
  operation: Operation;
  before: Facts;
}

/** Fills in the result as far as it gets. */
async function breakAndJudge(stage: Stage, planned: Case, result: CaseResult): Promise<void> {
  const { world, platform, golden, operation } = stage;
  const began = Date.now();
  const command = world.rekindle(operation.command(golden.names));
  const run = followRun(world, command, { kind: planned.operation, known: operation.run?.(golden.names) });
  await untilMoment(planned, run, limitSeconds, () => command.hasEnded());
  const struck = await Promise.all(
    planned.faults.map((fault) => strikeAndRepair({ world, platform }, fault, run, began)),
  );
  result.struckAt = struck.map(({ at }) => at);
  for (const service of struck.flatMap(({ risen = [] }) => risen))
    result.violations.push(`${service} came up with the engine, though the run had stopped it`);
  world.note('repair all');
  await repairAll(struck.flatMap(({ repair }) => repair ?? []));

  result.ending = await run.settled(limitSeconds);
  result.seconds = (Date.now() - began) / 1000;
  world.note(`settled: ${JSON.stringify(result.ending)}`);
  if (result.ending.state === 'waits') result.ending = await decide(world, platform, run, result.ending);
  result.outcome = outcomeInWords(result.ending);
  await command.end('SIGINT', 5);
  result.violations.push(...(await judge(stage, result.ending)));
}

function inWords(error: unknown): string {
  const { message, cause } = error as Error;
  return cause === undefined ? message : `${message}: ${inWords(cause)}`;
}

/** The reset itself is verified: a case that began with something else would prove nothing. */
function assertGolden(before: Facts, golden: GoldenFacts, { golden: state }: Operation): void {
  const wrong = contentDifferences(state === 'written' ? golden.written : golden.point, before);
  if (before.missingEntries.length > 0) wrong.push(`jobs without entry: ${before.missingEntries.join(', ')}`);
  if (wrong.length > 0) throw new Error(`The platform is not what the case begins with: ${wrong.join('; ')}`);
}

/** An operator who has repaired everything and requests a retry, as often as the run asks. */
async function decide(world: World, platform: DemoPlatform, run: FollowedRun, first: Ending): Promise<Ending> {
  let ending = first;
  for (let round = 0; round < rounds && ending.state === 'waits'; round += 1) {
    const pending = (await run.progress())?.pendingDecisions ?? [];
    for (const { step } of pending) await world.demand(['decide', run.id() ?? platform.name, 'retry', '--step', step]);
    await pause(1);
    ending = await run.settled(limitSeconds);
  }
  return { ...ending, afterDecision: true };
}

async function judge({ world, platform, golden, operation, before }: Stage, ending: Ending): Promise<string[]> {
  const promised = promises(operation, golden, before);
  if (ending.state === 'runs') return violations({ ending, before, after: before, ...promised });
  try {
    await untilHealthy(platform);
  } catch (error) {
    return [`the platform does not come back by itself after all was repaired: ${inWords(error)}`];
  }
  world.note('healthy');
  const after = await withoutPassing(before, await factsOf(world, platform));
  world.note('looked at again');
  const found = violations({ ending, before, after, ...promised });
  // The lock is free, the repository takes snapshots, the catalogue manifests: whoever comes next is not hindered.
  const next = await world.demand(['backup', platform.name]).catch((error: unknown) => error as Error);
  world.note('backed up');
  return next instanceof Error ? [...found, `a backup afterwards fails: ${next.message}`] : found;
}

function promises({ goal }: Operation, golden: GoldenFacts, before: Facts) {
  const content = { point: golden.point, before, beforeRestore: golden.written }[goal];
  return { goal: content, newPoints: goal === 'beforeRestore' ? 0 : 1, quarantines: goal !== 'before' };
}

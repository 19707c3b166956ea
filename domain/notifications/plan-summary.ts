import { deletedByCopy } from '../copies/words.ts';
import type { Plan } from '../plans/plan.ts';
import { describeStep } from '../plans/describe-step.ts';
import type { Action, Step } from '../plans/steps.ts';
import type { Forecast, LostData } from '../runs/forecast.ts';
import { ageWords } from './notification-text.ts';

/** Who may say yes to a plan, and until when. */
export interface ApprovalWanted {
  /** Empty: anybody. */
  approvers: string[];
  needed: number;
  until: string;
}

export interface SummaryExtras {
  forecast?: Forecast;
  approval?: ApprovalWanted;
  /** ISO 8601; the recovery point's age is counted up to it. */
  now: string;
}

/** So many names in a line; the others are counted. */
const mostNames = 6;
/** No line of a message is longer, whatever people call their volumes. */
const longestLine = 240;

/**
 * A plan in at most ten lines, whatever its length: what is lost sight of in a plan of a hundred steps is what a person
 * must know before saying yes.
 */
export function summarizePlan(plan: Plan, { forecast, approval, now }: SummaryExtras): string[] {
  const of = <A extends Action>(action: A) =>
    plan.steps.filter((step): step is Step & { action: A } => step.action === action);
  const named = (label: string, names: string[]) => names.length > 0 && `${label}: ${namesOf(names)}`;
  const parts = (...some: (string | false)[]) => some.filter((part) => part !== false).join('; ');
  const lines = [
    plan.recoveryPoint && plan.kind !== 'backup' && pointLine(plan.recoveryPoint, now),
    named(
      'Stopped',
      of('stopService').map((step) => step.arguments.service),
    ),
    parts(
      named(
        'Set aside',
        of('quarantineVolume').map((step) => step.arguments.volume),
      ),
      named(
        'Brought back',
        of('returnVolume').map((step) => step.arguments.volume),
      ),
    ),
    parts(
      named(
        'Removed, with no way back',
        of('removeVolume').map((step) => step.arguments.volume),
      ),
      named('Deleted indices', deletedByCopy(plan.steps)),
      named(
        'Deleted recovery points',
        of('removePoints').flatMap((step) => step.arguments.recoveryPoints),
      ),
    ),
    named('Created', [
      ...of('createNetwork').map((step) => step.arguments.network),
      ...of('createVolume').map((step) => step.arguments.volume),
    ]),
    parts(
      named(
        'Restored',
        of('restoreIndices')
          .map(({ arguments: { store, indices, snapshot } }) => `${store} (${indices} indices of snapshot ${snapshot})`)
          .concat(of('restoreParts').map(({ arguments: { store } }) => `${store} (its dumps)`)),
      ),
      named(
        'Copied',
        of('copyIndices').flatMap((step) => step.arguments.indices.map(({ restored }) => restored)),
      ),
      named(
        'Swapped in',
        of('swapAliases').flatMap((step) => step.arguments.swaps.map(({ name }) => name)),
      ),
      named(
        'Rebuilt',
        of('rebuildQueue').map((step) => step.arguments.store),
      ),
      named(
        'Run',
        of('runContainer').map((step) => step.arguments.store),
      ),
      named(
        'Snapshot',
        of('takeSnapshot').map(({ arguments: { store, snapshot } }) => `${store} (${snapshot})`),
      ),
    ),
    noReturnLine(plan),
    forecast && `Forecast: ${forecast.downtimeSeconds} s without service (${forecast.basis})`,
    forecast && forecast.lost.length > 0 && `Lost: ${lossWords(forecast.lost)}`,
    approval && approvalLine(approval),
  ];
  return lines
    .filter((line): line is string => typeof line === 'string' && line !== '')
    .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line));
}

function namesOf(names: readonly string[]): string {
  const all = [...new Set(names)];
  const rest = all.length - mostNames;
  return rest > 0 ? `${all.slice(0, mostNames).join(', ')} and ${rest} more` : all.join(', ');
}

function pointLine({ id, startedAt, adopted }: NonNullable<Plan['recoveryPoint']>, now: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(now) - Date.parse(startedAt)) / 60_000));
  return `Recovery point: ${id}${adopted ? ' (adopted)' : ''}, data as of ${startedAt}, ${ageWords(minutes)} old`;
}

function noReturnLine({ pointOfNoReturn, steps }: Plan): string | undefined {
  const step = steps.find(({ id }) => id === pointOfNoReturn);
  return step && `Point of no return: step ${steps.indexOf(step) + 1} of ${steps.length}, ${describeStep(step)}`;
}

function approvalLine({ approvers, needed, until }: ApprovalWanted): string {
  const who = approvers.length > 0 ? `of ${namesOf(approvers)}` : 'of anybody';
  return `Approval: ${needed === 1 ? 'one' : needed} ${who}, until ${until}`;
}

/** What a restore loses of each store, in words. */
export function lossWords(lost: readonly LostData[]): string {
  return lost.map(lossOf).join('; ');
}

function lossOf({ store, since, indices, others }: LostData): string {
  if (indices === undefined) return `everything in ${store} since ${since} (how much is unknown)`;
  const most = indices.reduce((sum, { atMost }) => sum + atMost, others?.atMost ?? 0);
  const count = indices.length + (others?.indices ?? 0);
  return `at most ${most} operations in ${count} indices of ${store}, all since ${since}`;
}

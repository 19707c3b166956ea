import type { Check } from '../../domain/checks.ts';
import { namesInCopyStep } from '../../domain/copies/words.ts';
import { downtimeOf, type Downtime } from '../../domain/runs/downtime.ts';
import type { MountFate } from '../../domain/plans/mount-fates.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import { keptData } from '../../domain/runs/kept-data.ts';
import { finalPhases, type RunProgress } from '../../domain/runs/progress.ts';
import { startedByWords } from '../../domain/runs/started-by.ts';
import { beforeRun } from '../../domain/plans/step-arguments.ts';
import { describeStep } from '../../domain/plans/describe-step.ts';
import type { Step } from '../../domain/plans/steps.ts';
import type { Output } from '../output.ts';
import { forecastLines } from './forecast.ts';
import { table } from './table.ts';
import { elapsed } from '../../domain/units.ts';

type Colour = Pick<Output, 'colour'>;

/** Every check with its verdict and evidence; the remedy under warnings and those that did not pass. */
export function renderChecks(checks: readonly Check[], { colour }: Colour): string {
  const words = { pass: 'pass', fail: 'FAIL', inconclusive: '????' };
  const rows = table(
    checks.map(({ name, verdict, evidence, warning }) => [warning ? 'WARN' : words[verdict], name, evidence]),
    { indent: '  ' },
  );
  return rows
    .flatMap((row, index) => {
      const check = checks[index];
      if (check === undefined || (check.verdict === 'pass' && !check.warning)) return [colour.green(row)];
      return [check.warning ? colour.yellow(row) : colour.red(row), `        → ${check.remedy}`];
    })
    .join('\n');
}

/**
 * The plan as a person must read it before approving: every step with the exact names, the point of no return marked.
 * `indices`: those that it restores, by store; otherwise only their number is shown.
 */
export function renderPlan(plan: Plan, { colour }: Colour, indices: Record<string, string[]> = {}): string {
  const rows = table(
    plan.steps.map((step, index) => [String(index + 1).padStart(2), describeStep(step), namesIn(step, indices)]),
    { indent: '  ' },
  );
  const marks = marksOf(plan);
  return [
    `Plan: ${plan.kind} of ${plan.platform} on ${plan.host}${plan.recoveryPoint ? ` to recovery point ${plan.recoveryPoint.id} (${plan.recoveryPoint.adopted ? 'adopted, ' : ''}data as of ${plan.recoveryPoint.startedAt})` : ''}`,
    ...(plan.capture === undefined ? [] : [`Services are created from ${captureIn(plan.capture)}`]),
    ...rows.flatMap((row, index) => {
      const step = plan.steps[index];
      const mark = marks.get(step?.id);
      const line = mark === undefined ? [] : [colour.yellow(`  ── ${mark} ──`)];
      return [...line, step?.destructive ? colour.yellow(row) : row];
    }),
    ...(plan.mounts?.length ? renderMounts(plan.mounts) : []),
    `Hash: ${plan.hash}`,
  ].join('\n');
}

/** What is said between the steps, by the step before which it stands. */
function marksOf({ kind, scene: beside, steps, pointOfNoReturn }: Plan): Map<string | undefined, string> {
  const marks = new Map<string | undefined, string>();
  const firstStop = steps.find(({ action, scene }) => action === 'stopService' && !scene);
  if (kind === 'restore' && beside && firstStop) marks.set(firstStop.id, 'until here the platform serves');
  if (pointOfNoReturn !== undefined)
    marks.set(pointOfNoReturn, 'point of no return: what follows removes data from where its service looks for it');
  return marks;
}

/** Every volume and folder that a service mounts: whether its content goes, and why. */
function renderMounts(mounts: readonly MountFate[]): string[] {
  const rows = mounts.map(({ service, type, source, destination, goes, why }) => [
    goes ? 'goes' : 'stays',
    source === '' ? type : source,
    `${service}:${destination}`,
    why,
  ]);
  return ['Volumes and mounts:', ...table(rows, { indent: '  ' })];
}

function captureIn(source: string): string {
  return source === beforeRun
    ? 'the deployment as it stands, recorded before the first stop'
    : `the capture of recovery point ${source}, since this one has none`;
}

/** The exact names of what a step touches, beyond those in its title. */
function namesIn(step: Step, indices: Record<string, string[]>): string {
  const copied = namesInCopyStep(step);
  if (copied !== undefined) return copied.join(', ');
  const args = step.arguments as {
    containers?: (string | { name: string })[];
    indices?: number;
    store?: string;
    snapshot?: string;
    recoveryPoints?: string[];
    snapshots?: Record<string, string>;
    runs?: string[];
  };
  const containers = args.containers?.map((one) => (typeof one === 'string' ? one : one.name)) ?? [];
  const snapshots = [...(args.snapshot ? [args.snapshot] : []), ...Object.values(args.snapshots ?? {})];
  const counted = args.indices === undefined ? [] : [`${args.indices} indices`];
  const named = args.indices === undefined ? [] : (indices[args.store ?? ''] ?? counted);
  const others = [
    ...named,
    ...(step.action === 'adoptVolume' ? [step.arguments.from] : []),
    ...(args.recoveryPoints ?? []),
    ...(args.runs ?? []),
  ];
  return [...containers, ...snapshots, ...others].join(', ');
}

/** The end of a run: verdict, reasons, and what to do next. */
export function renderEnd(progress: RunProgress, output: Colour, now = Date.now()): string {
  const { colour } = output;
  const verdict = progress.verdict ?? progress.phase;
  const painted = verdict === 'pass' ? colour.green(verdict) : colour.red(verdict);
  const downtime = downtimeOf(progress, now);
  // No fault twice: what the failure's message quotes is not listed again.
  const bad = progress.checks.filter(
    ({ verdict, evidence, warning }) =>
      (verdict !== 'pass' || warning) && progress.failure?.message.includes(evidence) !== true,
  );
  return [
    finalPhases.has(progress.phase) ? `Verdict: ${painted}` : `The run goes on: ${progress.phase}`,
    ...(progress.failure
      ? [progress.failure.message, ...(progress.failure.remedy ? [`→ ${progress.failure.remedy}`] : [])]
      : []),
    ...(progress.phase === 'passed'
      ? [`${progress.checks.length} checks passed in ${elapsed(progress.startedAt, progress.finishedAt, 0)}`]
      : []),
    ...(progress.startedBy ? [`Started ${startedByWords(progress.startedBy)} at ${progress.startedAt}`] : []),
    ...wordsOfPersons(progress),
    ...(downtime ? [downtimeLine(downtime, progress)] : []),
    ...forecastLines(progress),
    ...(bad.length > 0 ? [renderChecks(bad, output)] : []),
    ...quarantineLines(progress),
    ...(progress.notes ?? []).map((note) => `Note: ${note}`),
  ].join('\n');
}

/** Who approved and who decided what, and when. */
function wordsOfPersons({ approvals, decisions }: RunProgress): string[] {
  const how = {
    caller: 'when starting the run',
    update: 'after reading the plan',
    authenticated: 'after reading the plan, logged in at the gateway',
    wave: 'with the plans of its wave',
    'not required': '',
  };
  return [
    ...approvals.map((one) =>
      one.how === 'not required' ? 'No approval was required' : `Approved by ${one.by} at ${one.at}, ${how[one.how]}`,
    ),
    ...decisions.map(({ step, choice, by, at }) => `Decided by ${by} at ${at}: ${choice} of ${step}`),
  ];
}

function downtimeLine({ seconds, over }: Downtime, { finishedAt }: RunProgress): string {
  const figure = `${seconds.toFixed(1)} s`;
  if (over) return `Downtime, from the first stop to a healthy core: ${figure}`;
  return finishedAt === undefined
    ? `Downtime so far: ${figure}; core is not healthy yet`
    : `Downtime until the end of the run: ${figure}; core was not healthy by then`;
}

/** Until when the old data is kept, and the commands that end that. */
function quarantineLines(progress: RunProgress): string[] {
  const kept = keptData(progress);
  if (kept === undefined) return [];
  const sentence = kept.charAt(0).toUpperCase() + kept.slice(1);
  // While the restore itself goes on, its quarantine refuses both.
  if (progress.kind !== 'quarantine' && !finalPhases.has(progress.phase)) return [sentence];
  const of = progress.run.replace(/^quarantine\//, '');
  return [
    sentence,
    ...(progress.phase === 'rolled back' ? [] : [`  rekindle rollback ${of}    # bring it back`]),
    `  rekindle release ${of}     # delete it for good`,
  ];
}

/** The choices for each failed step, with the commands to type. */
export function renderDecisions({ run, pendingDecisions }: RunProgress): string[] {
  return pendingDecisions.flatMap(({ step, failure, choices }) => [
    `  ${step} failed: ${failure.message}`,
    `  → ${failure.remedy}`,
    ...choices.map(({ choice, meaning }) => `    rekindle decide ${run} ${choice} --step ${step}    # ${meaning}`),
  ]);
}

import type { Check } from '../checks.ts';
import type { Decision, RunProgress, StepState } from '../runs/progress.ts';
import { compareObjectives } from './objectives.ts';
import type { Deviation, RunReport } from './run-report.ts';

/** So many names are given; of more, their number. */
const mostNamed = 8;

/** As the report says; of one that was written before reports said so, as far as its fields tell. */
export function deviationsOf(report: RunReport): Deviation[] {
  return report.deviations ?? findDeviations(report);
}

/** All of a run that has ended, by kind. */
export function findDeviations(report: RunReport): Deviation[] {
  return [
    ...ofPlan(report),
    ...report.decisions.map((decision) => ofDecision(decision, report.steps)),
    ...ofSteps(report),
    ...report.checks.filter((check) => !isEchoOfSkip(check, report)).flatMap(ofCheck),
    ...compareObjectives(report)
      .filter(({ met }) => met === false)
      .map(({ name, wanted, actual }): Deviation => ({ kind: 'objective', what: `${name}: ${actual} for ${wanted}` })),
    ...ofExtent(report),
  ];
}

function ofPlan({ departures = [], rejection, cancelled }: RunProgress): Deviation[] {
  const rejected = rejection && { at: rejection.at, by: rejection.by };
  return [
    ...departures.map((departure): Deviation => ({ kind: 'plan', ...departure })),
    ...(rejected
      ? [
          {
            kind: 'plan' as const,
            what: `The plan was rejected: ${rejection.reason ?? 'no reason given'}`,
            ...rejected,
          },
        ]
      : []),
    ...(cancelled === undefined ? [] : [{ kind: 'plan' as const, what: `${cancelled} was cancelled for this run` }]),
  ];
}

function ofDecision({ step, choice, by, at }: Decision, steps: readonly StepState[]): Deviation {
  const state = steps.find(({ id }) => id === step);
  const reason = choice === 'skip' && state?.summary !== undefined ? `, after it failed: ${state.summary}` : '';
  return { kind: 'decision', what: `${choice} of "${state?.title ?? step}"${reason}`, at, by };
}

function ofSteps({ steps, decisions }: RunProgress): Deviation[] {
  const decided = new Set(decisions.flatMap(({ step, choice }) => (choice === 'skip' ? [step] : [])));
  const each = steps.flatMap(({ id, title, status, attempts = 1, startedAt, finishedAt, summary = '' }) => [
    ...(attempts > 1 ? [stepped(`"${title}" was carried out ${attempts} times`, startedAt)] : []),
    ...(status === 'failed' ? [stepped(`"${title}" failed: ${summary}`, finishedAt)] : []),
    ...(status === 'skipped' && !decided.has(id) ? [stepped(`"${title}" was skipped: ${summary}`, finishedAt)] : []),
  ]);
  const undone = steps.filter(({ status }) => status === 'undone');
  const open = steps.filter(({ status }) => status === 'waiting');
  return [
    ...each,
    ...(undone.length > 0 ? [stepped(`Undone: ${titles(undone)}`)] : []),
    ...(open.length > 0 ? [stepped(`${open.length} of ${steps.length} steps never began: ${titles(open)}`)] : []),
  ];
}

function stepped(what: string, at?: string): Deviation {
  return { kind: 'step', what, ...(at !== undefined && { at }) };
}

function titles(steps: readonly StepState[]): string {
  return named(steps.map(({ title }) => title));
}

function named(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return `${names.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A step that people had skipped leaves a check that failed: the decision says the same, and by whom. */
function isEchoOfSkip({ name, evidence }: Check, { decisions }: RunProgress): boolean {
  return (
    evidence.startsWith('skipped after: ') && decisions.some(({ step, choice }) => step === name && choice === 'skip')
  );
}

function ofCheck({ name, verdict, evidence, warning }: Check): Deviation[] {
  if (verdict === 'pass' && !warning) return [];
  return [{ kind: 'check', what: `${warning ? 'warning' : verdict} of ${name}: ${evidence}` }];
}

function ofExtent({ rehearses, sources, checks }: RunReport): Deviation[] {
  // Preflight's warnings say the same, with what to do.
  const warned = new Set(checks.map(({ name }) => name));
  const missing = (sources?.missing ?? []).filter(({ store }) => !warned.has(`missing ${store}`));
  return [
    ...Object.entries(rehearses ?? {}).map(([store, indices]): Deviation => ({
      kind: 'extent',
      what: `A part of ${store} alone was restored: ${indices.length} indices, ${named(indices)}`,
    })),
    ...missing.map(({ store, reason }): Deviation => ({
      kind: 'extent',
      what: `The recovery point goes without the optional store ${store}: ${reason}`,
    })),
    ...Object.entries(sources?.leftOut ?? {}).map(([store, indices]): Deviation => ({
      kind: 'extent',
      what: `The platform file leaves indices out of ${store}: ${named(indices)}`,
    })),
  ];
}

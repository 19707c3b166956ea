import { keptData } from '../runs/kept-data.ts';
import type { RunProgress } from '../runs/progress.ts';
import { startedByWords } from '../runs/started-by.ts';
import { elapsed, seconds } from '../units.ts';
import { deviationsOf } from './deviations.ts';
import { compareObjectives } from './objectives.ts';
import { chainRows, versionRows } from './origin.ts';
import type { Deviation, RunReport } from './run-report.ts';
import { timelineOf, type Timeline } from './timeline.ts';

/** A report as people read it, whatever it is printed on: the same rows in Markdown and on a page. */
export interface ReportDocument {
  title: string;
  /** `pass`, or how it ended. */
  verdict: string;
  good: boolean;
  /** Why it did not pass, and what to do; empty after a pass. */
  failure: string[];
  facts: Row[];
  /** Head and rows; empty where nothing was restored. */
  objectives: Row[];
  /** Empty: it went as planned, which is to be said. */
  deviations: Row[];
  /** Who approved and decided what. */
  people: Row[];
  checks: Row[];
  steps: Row[];
  notes: string[];
  timeline: Timeline;
  /** What was restored and what wrote this, each with its version and digest. */
  versions: Row[];
  /** The digests that chain it to the reports before it; empty: nobody asked the catalogue. */
  chain: Row[];
}

export type Row = string[];

/** Heads of the tables, by the name of the field that holds their rows. */
export const reportColumns = {
  facts: ['', ''],
  objectives: ['', 'Wanted', 'Actual', 'Met'],
  deviations: ['When', 'Who', 'Of', 'What'],
  people: ['When', 'Who', 'What'],
  checks: ['Verdict', 'Check', 'Evidence'],
  steps: ['', 'Step', 'Began', 'Took', 'Result'],
  versions: ['', 'Version', 'Digest'],
  chain: ['', ''],
} as const;

export function reportDocument(report: RunReport): ReportDocument {
  const { kind, platform, verdict, phase, failure, notes = [], departures = [] } = report;
  const kept = keptData(report);
  // They are among the deviations.
  const departed = new Set(departures.map(({ what }) => what));
  return {
    title: `${capital(kind)} of ${platform}`,
    verdict: verdict ?? phase,
    good: verdict === 'pass',
    failure: failure === undefined ? [] : [failure.message, ...(failure.remedy === '' ? [] : [failure.remedy])],
    facts: factsOf(report),
    objectives: compareObjectives(report).map(({ name, wanted, actual, met }) => [
      capital(name),
      wanted,
      actual,
      met === undefined ? '' : met ? 'yes' : 'NO',
    ]),
    deviations: deviationsOf(report).map(({ kind: of, what, at = '', by = '' }) => [at, by, deviationWords[of], what]),
    people: peopleOf(report),
    checks: report.checks.map(({ name, verdict: found, evidence, remedy, warning }) => [
      warning ? 'warning' : found,
      name,
      found === 'pass' && !warning ? evidence : `${evidence} → ${remedy}`,
    ]),
    steps: report.steps.map((step, index) => [
      String(index + 1),
      step.title,
      step.startedAt ?? '',
      elapsed(
        step.firstStartedAt ?? step.startedAt,
        step.finishedAt,
        Date.parse(report.finishedAt ?? report.startedAt),
      ),
      [step.status, step.attempts === undefined ? '' : `${step.attempts} attempts`, step.summary ?? '']
        .filter((word) => word !== '')
        .join('; '),
    ]),
    notes: [...(kept === undefined ? [] : [capital(kept)]), ...notes.filter((note) => !departed.has(note))],
    timeline: timelineOf(report),
    versions: versionRows(report),
    chain: chainRows(report),
  };
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const deviationWords: Record<Deviation['kind'], string> = {
  plan: 'the plan',
  decision: 'a decision',
  step: 'a step',
  check: 'a check',
  objective: 'an objective',
  extent: 'what was restored',
};

function factsOf(report: RunReport): Row[] {
  const { run, startedAt, finishedAt, startedBy, recoveryPoint, provenAt, writtenBy } = report;
  const rows: [string, string | undefined][] = [
    ['Run', run],
    ['Started', startedBy ? `${startedAt}, ${startedByWords(startedBy)}` : startedAt],
    ['Ended', finishedAt && `${finishedAt}, after ${elapsed(startedAt, finishedAt, 0)}`],
    ['Recovery point', recoveryPoint && pointWords(recoveryPoint, startedAt)],
    ['Restored', restoredWords(report)],
    ['Proven', provenAt && `${provenAt}: this run proved that the recovery point can be restored`],
    ['Written by', writtenBy && `Rekindle ${writtenBy.version} on ${writtenBy.host}, Node ${writtenBy.node}`],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

function restoredWords({ rehearses }: RunReport): string | undefined {
  if (rehearses === undefined) return undefined;
  const counts = Object.entries(rehearses).map(([store, indices]) => `${indices.length} indices of ${store}`);
  return `a part of it: ${counts.join(', ')}`;
}

function pointWords(point: NonNullable<RunProgress['recoveryPoint']>, startedAt: string): string {
  const age = seconds(Math.max(0, (Date.parse(startedAt) - Date.parse(point.startedAt)) / 1000));
  const adopted = point.adopted ? ', adopted from another tool' : '';
  return `${point.id}${adopted}: data as of ${point.startedAt}, ${age} old when the run started`;
}

const how = {
  caller: 'approved the plan when starting the run',
  update: 'approved the plan after reading it',
  authenticated: 'approved the plan after reading it, logged in at the gateway',
  wave: 'approved the wave of the fleet after reading its plans',
  'not required': 'No approval was required',
};

function peopleOf({ approvals, decisions, rejection }: RunReport): Row[] {
  const rows = [
    ...approvals.map((one) => [one.at, one.how === 'not required' ? '' : one.by, how[one.how]]),
    ...decisions.map(({ at, by, choice, step }) => [at, by, `decided: ${choice} of ${step}`]),
    ...(rejection ? [[rejection.at, rejection.by, `rejected the plan: ${rejection.reason ?? 'no reason given'}`]] : []),
  ];
  return rows.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
}

import {
  endedBadly,
  type RunEnd,
  type RunWaits,
  type WaitsForApproval,
  type WaitsForDecision,
} from './announcement.ts';
import type { ReadinessNews, Unmet } from '../readiness/readiness.ts';
import type { FreshnessNews } from '../status/freshness.ts';
import { keptData } from '../runs/kept-data.ts';
import type { RunOutcome } from '../runs/outcome.ts';
import type { Phase } from '../runs/progress.ts';
import { startedByWords } from '../runs/started-by.ts';
import type { NotificationDocument } from './notification-document.ts';

// What a notification says to people: its title, one line, and what follows below where there is room.

/** A backup that ended badly before the one that is announced. */
export type FailedBefore = Pick<RunOutcome, 'run' | 'finishedAt' | 'failure'>;

/** Of a run's end; `before`: the backup before it ended badly. */
export function endText(end: RunEnd, before: FailedBefore | undefined): string {
  const { kind, phase, failure, recoveryPoint = '' } = end;
  if (phase === 'passed' && before)
    return `backup is good again: recovery point ${recoveryPoint}; the one before, ${before.run}, failed${before.failure ? ` (${before.failure})` : ''}`;
  const kept = keptData(end);
  const answered = end.waited && !endedBadly({ ...end, failure: failure?.kind });
  return `${kind} ${endWords({ kind, phase })}${answered ? ', it no longer waits for a person' : ''}${failure ? ` (${failure.kind}): ${failure.message}` : ''}${kept ? `; ${kept}` : ''}`;
}

function endWords({ kind, phase }: { kind: string; phase: Phase }): string {
  if (phase === 'rolled back') return kind === 'restore' ? 'failed and was rolled back' : 'was rolled back';
  if (phase === 'quarantined') return 'goes on';
  return phase === 'passed' || phase === 'failed' ? phase : `was ${phase}`;
}

/** The subject of a message. */
export function titleOf({ event, platform, run, waiting, freshness, readiness }: NotificationDocument): string {
  if (readiness) return `${platform}: ${readinessTitle(readiness)}`;
  const still = freshness?.reminder ? 'still ' : '';
  if (freshness) return `${platform}: recovery points are ${event === 'recovery' ? 'fresh again' : `${still}stale`}`;
  const kind = run?.kind ?? 'run';
  if (waiting) return `${platform}: ${kind} ${waiting.for === 'repair' ? 'cannot go on' : `waits for ${waiting.for}`}`;
  const again = event === 'recovery' && kind === 'backup' && run?.phase === 'passed';
  return `${platform}: ${kind} ${again ? 'is good again' : endWords({ kind, phase: run?.phase ?? 'failed' })}`;
}

/** What follows below the one line: the plan, what to do, and the commands. */
export function detailsOf({ run, failure, waiting, quarantine, readiness }: NotificationDocument): string[] {
  return [
    ...(readiness?.unmet ?? []).map(({ name, evidence, remedy }) => `${name}: ${evidence} → ${remedy}`),
    ...(waiting?.summary ?? []),
    ...(failure && failure.remedy !== '' ? [`What to do: ${oneLine(failure.remedy)}`] : []),
    ...(waiting?.answers ?? []).map(({ choice, meaning, command }) => `To ${choice} (${meaning}): ${command}`),
    ...(quarantine?.commands ?? []).map((command) => `Old data: ${command}`),
    ...(run ? [`Run: ${run.id}${run.startedBy ? `, started ${startedByWords(run.startedBy)}` : ''}`] : []),
  ];
}

/** With the command that answers it. */
export function waitingText({ kind, run, waitsFor }: RunWaits): string {
  if (waitsFor.for === 'repair')
    return `${kind} cannot go on, deletes nothing and tries again: ${waitsFor.failure.message}; ${waitsFor.failure.remedy}`;
  if (waitsFor.for === 'decision')
    return `${kind} waits for a decision: step ${waitsFor.step} failed: ${waitsFor.failure.message}; choices: ${waitsFor.choices.map(({ choice }) => choice).join(', ')}; rekindle decide ${shellWord(run)} …`;
  const missing = waitsFor.approvalsNeeded - waitsFor.approvedBy.length;
  const who = waitsFor.approvers.length > 0 ? ` of ${waitsFor.approvers.join(', ')}` : '';
  const downtime = waitsFor.downtimeSeconds === undefined ? '' : `, ${waitsFor.downtimeSeconds} s without service`;
  return `${kind} waits for ${missing === 1 ? 'one approval' : `${missing} approvals`}${who} until ${waitsFor.until}${downtime}: ${commandOf('approve', run, waitsFor)}`;
}

/** The command that answers. */
export function commandOf(choice: string, run: string, waitsFor: WaitsForApproval | WaitsForDecision): string {
  const id = shellWord(run);
  if (waitsFor.for === 'decision') return `rekindle decide ${id} ${choice} --step ${shellWord(waitsFor.step)}`;
  return choice === 'approve' ? `rekindle approve ${id} --hash ${waitsFor.planHash}` : `rekindle reject ${id}`;
}

export function freshnessText({
  event,
  newest,
  objectiveMinutes,
  staleSince,
  reminder,
  reason,
  skipped,
}: FreshnessNews): string {
  const point = newest ? `${newest.id}, ${ageWords(newest.ageMinutes)} old` : 'none';
  if (event === 'recovery')
    return `recovery points are fresh again: the newest good one is ${point}; stale since ${staleSince}`;
  const still = reminder ? `still stale, since ${staleSince}: ` : 'stale: ';
  const seen = newest ? `the newest good recovery point is ${point}` : 'there is no good recovery point';
  const known = reason === undefined ? seen : newest ? `${seen}, as far as is known` : 'none is known';
  const why = [reason, skipped].filter((one) => one !== undefined);
  return [`${still}${known}`, `the objective is ${ageWords(objectiveMinutes)}`, ...why].join('; ');
}

function readinessTitle({ verdict, before }: Pick<ReadinessNews, 'verdict' | 'before'>): string {
  if (verdict === 'unknown') return 'not known whether it could be restored';
  if (verdict === 'ready') return 'could be restored again';
  return before === 'not ready' ? 'could still not be restored' : 'could not be restored now';
}

/** What has changed, and how things stand. */
export function readinessText(news: ReadinessNews): string {
  const { unmet, nowUnmet, metAgain, reason } = news;
  const isNew = ({ name }: Unmet) => nowUnmet.includes(name);
  const lines = unmet.filter(isNew).map(({ name, evidence }) => `${name}: ${evidence}`);
  const others = unmet.filter((one) => !isNew(one)).map(({ name }) => name);
  return [
    readinessTitle(news),
    ...lines,
    ...(metAgain.length > 0 ? [`met again: ${metAgain.join(', ')}`] : []),
    ...(others.length > 0 ? [`still not met: ${others.join(', ')}`] : []),
    ...(reason === undefined ? [] : [reason]),
  ].join('; ');
}

export function ageWords(minutes: number): string {
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${Math.round(rest)} min` : `${Number(rest.toFixed(1))} min`;
}

/** Chat tools show some thousand characters; a line that long is not read. */
const longestText = 600;

export function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > longestText ? `${line.slice(0, longestText - 1)}…` : line;
}

/** As a shell takes it for one word: people who start runs by hand choose any id. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./~-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

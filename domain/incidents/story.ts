import { finalPhases, type Phase } from '../runs/progress.ts';
import type { IncidentEvent, IncidentInput, IncidentPhase, IncidentState } from './incident.ts';

// How an incident changes by what its tool says. An incident may last for months and be sent again every hour: whatever is
// kept of it is bounded.

const longestTitle = 300;
const mostDeliveries = 300;
const story = { most: 100, first: 20 };
const told = { most: 60, first: 10 };

export function openState({ id, platform, action, rule, event }: IncidentInput): IncidentState {
  const { source, incident, title, url, at } = event;
  return {
    id,
    platform,
    action,
    rule,
    phase: 'open',
    source,
    incident,
    title: cut(title),
    ...(url !== undefined && { url }),
    openedAt: at,
    story: [],
    told: [],
  };
}

/** Whether a delivery is new; from then on it is known. Tools send the same one again, and so does a pair of them. */
export function isNew(deliveries: string[], delivery: string): boolean {
  if (deliveries.includes(delivery)) return false;
  deliveries.push(delivery);
  deliveries.splice(0, deliveries.length - mostDeliveries);
  return true;
}

/**
 * Changes the state by what the tool said. `line`: for the story; absent when it says nothing new. An end always counts; an
 * opening that is older than the end was only delivered late.
 */
export function hear(state: IncidentState, event: IncidentEvent): { line?: string; reopened?: true } {
  const title = cut(event.title);
  const renamed = title !== '' && title !== state.title;
  if (renamed) state.title = title;
  if (event.url !== undefined) state.url = event.url;
  const { source, resolvedAt } = state;
  switch (event.what) {
    case 'resolved':
      if (resolvedAt !== undefined) return {};
      state.resolvedAt = event.at;
      return { line: `Resolved in ${source}` };
    case 'acknowledged':
      if (state.acknowledgedAt !== undefined) return {};
      state.acknowledgedAt = event.at;
      return { line: `Acknowledged in ${source}` };
    case 'opened':
      if (resolvedAt === undefined || Date.parse(event.at) <= Date.parse(resolvedAt)) return {};
      delete state.resolvedAt;
      delete state.acknowledgedAt;
      return { line: `Opened again in ${source}`, reopened: true };
    default:
      return renamed ? { line: `${source} says: ${title}` } : {};
  }
}

export function addToStory(state: IncidentState, at: string, text: string): void {
  append(state.story, { at, text }, story);
}

export function addTold(state: IncidentState, entry: IncidentState['told'][number]): void {
  append(state.told, entry, told);
}

/** The beginning and the newest are kept, the middle goes. */
function append<T>(list: T[], entry: T, { most, first }: { most: number; first: number }): void {
  list.push(entry);
  if (list.length > most) list.splice(first, list.length - most);
}

export function isOver(run: { phase: string }): boolean {
  return finalPhases.has(run.phase as Phase);
}

/** The run that was started for this incident and goes on. */
export function ownRun({ run }: IncidentState): IncidentState['run'] {
  return run === undefined || run.other || isOver(run) ? undefined : run;
}

/** Where the incident stands when it waits for something. */
export function phaseOf(state: IncidentState): IncidentPhase {
  const run = ownRun(state);
  if (run === undefined) return state.resolvedAt === undefined ? 'waiting for the incident to end' : 'resolved';
  return run.kind === 'restore' && run.approvedBy === undefined ? 'proposing' : 'working';
}

function cut(title: string): string {
  return title.length <= longestTitle ? title : `${title.slice(0, longestTitle - 1)}…`;
}

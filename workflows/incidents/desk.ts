import { condition, setCurrentDetails, setHandler, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { IncidentInput, IncidentPhase, IncidentState } from '../../domain/incidents/incident.ts';
import type { Untold } from '../../domain/incidents/report-back.ts';
import { addToStory, hear, isNew, openState } from '../../domain/incidents/story.ts';
import { incident as incidentQuery, incidentEvent } from '../messages.ts';
import { platformIn } from '../run/failure-record.ts';
import { showAttributes } from '../run/search-attributes.ts';
import { incidentPage } from './incident-page.ts';

/** What goes on in the next execution when this one's history is long. */
export interface Carried {
  state: IncidentState;
  deliveries: string[];
  looked: boolean;
  settled: string | undefined;
  untold: Untold[];
}

/** What an incident shows of itself, and what its tool says of it. Open it first thing in the workflow. */
export interface Desk {
  readonly state: IncidentState;
  readonly deliveries: string[];
  /** Whether preflight has been asked since the incident opened, or opened again. */
  looked: boolean;
  /** The proposal that was approved, or has ended: nothing of it is left to withdraw. */
  settled: string | undefined;
  now(): string;
  enter(phase: IncidentPhase): void;
  say(text: string): void;
  show(): void;
  /** Something has happened that the workflow must consider. */
  wake(): void;
  /** Resolves after the next `wake`, or when `orElse` comes true. */
  awake(orElse: () => boolean): Promise<void>;
}

export function openDesk(input: IncidentInput, carried: Carried | undefined): Desk {
  platformIn(input);
  const state = carried?.state ?? openState(input);
  const deliveries = carried?.deliveries ?? [input.event.delivery];
  let woken = false;
  const now = () => new Date().toISOString();
  const desk: Desk = {
    state,
    deliveries,
    looked: carried?.looked ?? false,
    settled: carried?.settled,
    now,
    enter(phase) {
      if (phase === state.phase) return;
      state.phase = phase;
      showAttributes({ phase });
      desk.show();
    },
    say(text) {
      addToStory(state, now(), text);
      desk.show();
    },
    show: () => setCurrentDetails(incidentPage(state)),
    wake() {
      woken = true;
    },
    async awake(orElse) {
      await condition(() => woken || orElse());
      woken = false;
    },
  };
  setHandler(incidentQuery, () => state, { description: 'Everything known of the incident' });
  setHandler(
    incidentEvent,
    (event) => {
      if (!isNew(deliveries, event.delivery)) return;
      const { line, reopened } = hear(state, event);
      if (reopened) desk.looked = false;
      if (line === undefined) return;
      desk.say(line);
      desk.wake();
    },
    { description: 'What the incident tool says later; each delivery counts once' },
  );
  // What is known of it while no worker answers.
  const { action, rule, source, title, platform, phase } = state;
  upsertMemo({ action, rule, title });
  showAttributes({ kind: 'incident', platform, phase, source });
  if (!carried) {
    desk.say(`${state.rule}: ${state.action} of ${state.platform}, as ${workflowInfo().workflowId}`);
    const { line } = hear(state, input.event);
    if (line !== undefined) desk.say(line);
  }
  desk.show();
  return desk;
}

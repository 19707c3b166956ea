import { CancellationScope, continueAsNew, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { IncidentInput, IncidentState } from '../domain/incidents/incident.ts';
import { ownRun, phaseOf } from '../domain/incidents/story.ts';
import { openDesk, type Carried } from './incidents/desk.ts';
import { openIncidentRuns } from './incidents/incident-runs.ts';
import { look, lookWords } from './incidents/look.ts';
import { openTeller } from './incidents/teller.ts';
import { recordOf } from './run/failure-record.ts';

/** An incident that is sent again every hour, or ten thousand times a minute, goes on in another execution. */
const mostEvents = 1000;

/**
 * Stands for an incident of a tool, from its opening to its end: asks preflight, starts a backup or proposes a restore, and
 * reports what becomes of it. When the incident is resolved it withdraws what waits for approval, and stops nothing else. It
 * ends when the incident is over, and its run, and the tool knows of both.
 */
export async function incident(input: IncidentInput & { carried?: Carried }): Promise<IncidentState> {
  const { carried } = input;
  const desk = openDesk(input, carried);
  const teller = openTeller(desk, carried?.untold);
  const runs = openIncidentRuns(desk, teller);
  const { state } = desk;

  const isOver = () => state.resolvedAt !== undefined && ownRun(state) === undefined;
  const isLong = () => workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > mostEvents;

  async function stand(): Promise<IncidentState> {
    for (;;) {
      if (state.resolvedAt !== undefined) await runs.withdraw('The incident was resolved');
      else if (!desk.looked) await takeUp();
      desk.enter(phaseOf(state));
      if (isOver() && teller.untold.length === 0) return state;
      if (isLong() && teller.resting()) await goOn();
      await desk.awake(() => isLong() && teller.resting());
    }
  }

  async function takeUp(): Promise<void> {
    desk.looked = true;
    const own = ownRun(state);
    if (own) {
      desk.say(`${own.id} goes on`);
      return;
    }
    desk.enter('looking');
    const preflight = await look(state.platform);
    state.preflight = preflight;
    const refused = state.action === 'restore' && preflight.verdict !== 'pass' ? '; no restore can be proposed' : '';
    const words = `${lookWords(preflight)}${refused}`;
    desk.say(words.charAt(0).toUpperCase() + words.slice(1));
    teller.tell(`Taken up for ${state.platform}: ${words}`);
    if (state.resolvedAt !== undefined || state.action === 'check' || refused !== '') return;
    desk.enter(state.action === 'restore' ? 'proposing' : 'working');
    try {
      await runs.start(state.action);
    } catch (error) {
      if (isCancellation(error)) throw error;
      const text = `No ${state.action} could be started: ${recordOf(error).message}`;
      desk.say(text);
      teller.tell(text);
    }
  }

  function goOn(): Promise<never> {
    const { deliveries, looked, settled } = desk;
    const next: Carried = { state, deliveries, looked, settled, untold: teller.untold };
    return continueAsNew<typeof incident>({ ...input, carried: next });
  }

  try {
    return await stand();
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(async () => {
      desk.say('Cancelled in Temporal');
      await runs.withdraw('The incident was cancelled in Temporal');
      teller.tell('Rekindle was asked to stop following this incident');
      await teller.flush();
      desk.enter('resolved');
    });
    throw error;
  }
}

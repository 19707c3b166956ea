import { CancellationScope, condition, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { ReportReceipt, Untold } from '../../domain/incidents/report-back.ts';
import { addTold } from '../../domain/incidents/story.ts';
import { recordOf } from '../run/failure-record.ts';
import type { Desk } from './desk.ts';

/** Reports back to the tool that sent the incident, in order, for hours where it does not answer; nothing waits for it. */
export interface Teller {
  readonly untold: Untold[];
  tell(text: string, change?: true): void;
  /** Whether nothing is on its way at this moment: then the rest can be carried on by another execution. */
  resting(): boolean;
  /** One more attempt for each that waits; then nothing more is tried. */
  flush(): Promise<void>;
}

/** Each attempt stands in the history: retries of hours are timers here, so that another execution can take them over. */
const report = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '10 minutes',
  heartbeatTimeout: '5 seconds',
  retry: { maximumAttempts: 1 },
}).tellIncident;

const firstPauseSeconds = 5;
const longestPauseSeconds = 600;
const givesUpAfterSeconds = 6 * 3600;
const mostUntold = 40;

export function openTeller(desk: Desk, carried: Untold[] = []): Teller {
  const { state } = desk;
  const untold = carried;
  let sending = false;
  let ending = false;
  let silenceSaid = false;

  async function work(): Promise<never> {
    for (;;) {
      await condition(() => untold.length > 0);
      const [next] = untold;
      if (next === undefined) continue;
      const pause = next.nextAt === undefined ? 0 : Date.parse(next.nextAt) - Date.now();
      if (pause > 0) await condition(() => ending, pause, { summary: `report to ${state.source} again` });
      sending = true;
      const receipts = await send(next);
      sending = false;
      settle(next, receipts);
      desk.show();
      desk.wake();
    }
  }

  async function send({ at, text, run, change, only }: Untold): Promise<ReportReceipt[]> {
    const { source, incident, id, platform } = state;
    try {
      return await report.executeWithOptions({ summary: `report to ${source}: ${text}`.slice(0, 150) }, [
        {
          ...{ source, incident, id, platform, text, at },
          ...(run !== undefined && { run }),
          ...(change && { change }),
          ...(only && { only }),
        },
      ]);
    } catch (error) {
      return (only ?? [source]).map((to) => ({ to, trouble: recordOf(error).message, again: true }));
    }
  }

  function settle(sent: Untold, receipts: ReportReceipt[]): void {
    const givesUp = ending || Date.now() - Date.parse(sent.at) > givesUpAfterSeconds * 1000;
    const again = givesUp ? [] : receipts.filter((one) => one.again);
    for (const { to, trouble } of receipts.filter((one) => !again.includes(one)))
      addTold(state, { at: desk.now(), to, text: sent.text, ...(trouble !== undefined && { trouble }) });
    if (receipts.length === 0 && !silenceSaid) {
      silenceSaid = true;
      desk.say(
        `Nothing is reported back to ${state.source}, which has no way back: the platform file's notifications say what becomes of it`,
      );
    }
    if (again.length === 0) {
      untold.splice(untold.indexOf(sent), 1);
      return;
    }
    sent.attempts += 1;
    // A failure of the attempt itself names no way: then all of them are tried again.
    const named = again.every(({ to }) => to !== state.source);
    if (named) sent.only = again.map(({ to }) => to);
    const pause = Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** (sent.attempts - 1));
    sent.nextAt = new Date(Date.now() + pause * 1000).toISOString();
  }

  // Whoever cancels the incident is still to be heard of by its tool.
  void CancellationScope.nonCancellable(work);
  return {
    untold,
    tell(text, change) {
      const run = state.run?.id;
      untold.push({ at: desk.now(), text, ...(run !== undefined && { run }), ...(change && { change }), attempts: 0 });
      if (untold.length <= mostUntold) return;
      const [dropped] = untold.splice(1, 1);
      addTold(state, {
        at: desk.now(),
        to: state.source,
        text: dropped?.text ?? '',
        trouble: 'Too many reports wait for it',
      });
    },
    resting: () => !sending,
    async flush() {
      ending = true;
      await condition(() => untold.length === 0);
    },
  };
}

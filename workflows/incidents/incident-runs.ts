import {
  CancellationScope,
  isCancellation,
  ParentClosePolicy,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { follow, type RunNews } from '../../domain/incidents/run-news.ts';
import { isOver, ownRun } from '../../domain/incidents/story.ts';
import type { IncidentState } from '../../domain/incidents/incident.ts';
import type { backup } from '../backup.ts';
import type { restore } from '../restore.ts';
import { shared, waiting } from '../run/activity-options.ts';
import { withFreeId } from '../run/free-id.ts';
import type { Desk } from './desk.ts';
import type { Teller } from './teller.ts';

type Kind = 'restore' | 'backup';
type IncidentRun = NonNullable<IncidentState['run']>;

/** The run of an incident: the one that it starts, or another one that does the same already. */
export interface IncidentRuns {
  start(kind: Kind): Promise<void>;
  /** Rejects the proposal unless people approved it. Repeating is safe. */
  withdraw(reason: string): Promise<void>;
}

export function openIncidentRuns(desk: Desk, teller: Teller): IncidentRuns {
  const { state } = desk;
  const { platform } = state;

  const report = (text: string, change?: true) => {
    desk.say(text);
    teller.tell(text, change);
  };

  const find = (kind: Kind) =>
    insisting(`look for an open ${kind} of ${platform}`, (summary) =>
      shared.findOpenRun.executeWithOptions({ summary }, [{ platform, kind }]),
    );

  async function start(kind: Kind): Promise<void> {
    const other = await find(kind);
    if (other !== undefined) {
      refer(kind, other);
      return;
    }
    const startedBy = { how: 'incident', name: workflowInfo().workflowId } as const;
    const id = await withFreeId(`${kind}/${platform}/${desk.now().slice(0, 19)}Z`, async (workflowId) => {
      // Whatever ends this workflow ends a proposal only, and that by rejecting it.
      const child = await CancellationScope.nonCancellable(() =>
        startChild<typeof restore | typeof backup>(kind, {
          workflowId,
          args: [{ platform, startedBy }],
          parentClosePolicy: ParentClosePolicy.ABANDON,
          staticSummary: `${kind} of ${platform} for ${startedBy.name}`,
        }),
      );
      return child.workflowId;
    });
    begin({ id, kind, phase: 'starting' });
    desk.say(kind === 'restore' ? `${id} makes the plan of a restore and proposes it` : `${id} was started`);
  }

  function refer(kind: Kind, id: string): void {
    begin({ id, kind, phase: 'starting', other: true });
    report(
      `${id} is open for ${platform} already: no second ${kind} is ${kind === 'restore' ? 'proposed' : 'started'}`,
    );
  }

  function begin(run: IncidentRun): void {
    state.run = run;
    desk.show();
    void watch(run);
  }

  /** Until the run's end. A worker that dies, or a Temporal that refuses, only delays it. */
  async function watch(run: IncidentRun): Promise<void> {
    try {
      while (state.run === run && !isOver(run)) {
        const news = await insisting(`watch ${run.id}`, (summary) =>
          waiting.awaitRunNews.executeWithOptions({ summary }, [{ run: run.id, known: run.phase }]),
        );
        if (state.run === run && !isOver(run)) await take(run, news);
        desk.wake();
      }
    } catch (error) {
      if (!isCancellation(error)) throw error;
    }
  }

  async function take(run: IncidentRun, news: RunNews): Promise<void> {
    const { failure, rejectedBy } = news;
    // Two incidents proposed in the same moment.
    const first = !run.other && failure?.kind === 'PlatformBusy' ? await find(run.kind) : undefined;
    if (first !== undefined && first !== run.id) {
      refer(run.kind, first);
      return;
    }
    const line = follow(run, news);
    if (line) report(line.text, line.change);
    if (run.phase === 'waiting for approval') desk.settled = undefined;
    // The incident that proposed it is over, this one is not: it proposes for itself.
    if (run.other && rejectedBy?.startsWith('incident/')) desk.looked = false;
    desk.show();
  }

  async function withdraw(reason: string): Promise<void> {
    const run = ownRun(state);
    if (run?.kind !== 'restore' || desk.settled === run.id) return;
    const by = workflowInfo().workflowId;
    const how = await insisting(`withdraw ${run.id}`, (summary) =>
      waiting.withdrawProposal.executeWithOptions({ summary }, [{ run: run.id, by, reason }]),
    );
    if (how !== 'withdrawn') desk.settled = run.id;
    if (how === 'approved') report(`${reason}; ${run.id} was approved before, so it goes on to its end`);
    if (how !== 'withdrawn' || isOver(run)) return;
    run.phase = 'refused';
    report(`${run.id} is withdrawn, nothing was touched: ${reason}`);
  }

  if (state.run && !isOver(state.run)) void watch(state.run);
  return { start, withdraw };
}

/** What no retry policy covers, a Temporal that refuses for instance, only delays it. */
async function insisting<T>(summary: string, ask: (summary: string) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask(summary);
    } catch (error) {
      if (isCancellation(error)) throw error;
      await sleep('30 seconds', { summary: `${summary} again` });
    }
  }
}

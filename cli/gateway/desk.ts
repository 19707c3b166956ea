import { ended } from '../../client/find-run.ts';
import { unserved } from '../../client/answers.ts';
import type { Desk, Reply, RunLook } from '../../client/desk.ts';
import type { RouteName } from '../../api/routes.ts';
import type { Starts } from '../../client/runs.ts';
import { Failure } from '../../domain/failures.ts';
import type { Phase } from '../../domain/runs/progress.ts';
import type { Gateway } from './client.ts';

/** By which each kind of run is started. */
const startRoutes = {
  restore: 'startRestore',
  backup: 'startBackup',
  rebuild: 'startRebuild',
  prune: 'startPrune',
  scrub: 'startScrub',
  drill: 'startDrill',
  copy: undefined,
} as const satisfies Record<keyof Starts, RouteName | undefined>;

/** Runs, by way of a gateway. */
export function gatewayDesk(ask: Gateway): Desk {
  const details = (run: string, wanted?: Phase) => {
    const waiting = wanted?.startsWith('waiting for ') ? wanted.slice('waiting '.length) : undefined;
    return ask('run', { params: { run }, query: { waiting } });
  };
  const reply = (run: string, answer: { run?: string | undefined; answer: string }): Reply => ({ run, ...answer });
  const word =
    (name: 'approve' | 'reject' | 'decide' | 'cancel' | 'rollback' | 'release') =>
    async (run: string, body: object): Promise<Reply> =>
      reply(run, await ask(name, { params: { run }, body }));
  return {
    pollEveryMs: 1000,
    async start(kind, { platform, startedBy: { name: by, reason }, ...input }) {
      const route: (typeof startRoutes)[keyof Starts] = startRoutes[kind];
      if (route === undefined) throw noCopies();
      // An approval in advance is given as soon as there is a plan: the gateway takes it from whom it knows.
      const { approvedBy: _, ...body } = input as { approvedBy?: string };
      return (await ask(route, { params: { platform }, body: { by, reason, ...body } })).run;
    },
    find: async (reference, wanted) => (await details(reference, wanted)).run,
    async look(run): Promise<RunLook> {
      try {
        const { progress, pending, cutOff, silent } = await details(run);
        return silent === undefined ? { progress, pending, cutOff } : { pending, cutOff, silent: 'no worker' };
      } catch (error) {
        const kind = error instanceof Failure ? error.kind : undefined;
        if (kind === 'TemporalUnreachable') return { cutOff: false, silent: 'Temporal' };
        if (kind === 'GatewayUnreachable' || kind === 'TooManyRequests')
          return { cutOff: false, silent: 'the gateway' };
        throw error;
      }
    },
    plan: async (run) => (await details(run)).plan,
    async proposal(reference) {
      const { run, progress, plan, silent } = await details(reference, 'waiting for approval');
      if (run.status !== 'running') throw ended(run);
      if (silent !== undefined) throw unserved(run.id);
      return { progress, plan };
    },
    runs: ({ platform, limit }) => ask('runs', { query: { platform, limit } }),
    quarantines: (platform) => ask('quarantines', { query: { platform } }),
    approve: word('approve'),
    reject: word('reject'),
    decide: word('decide'),
    cancel: word('cancel'),
    rollback: word('rollback'),
    release: word('release'),
    closed: () => Promise.resolve(),
  };
}

function noCopies(): Failure {
  return new Failure('InvalidArgument', {
    message: 'A copy cannot be started through a gateway',
    remedy: "Start it on the destination's side, where its worker runs, without --gateway",
  });
}

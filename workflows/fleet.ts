import {
  allHandlersFinished,
  CancelledFailure,
  CancellationScope,
  condition,
  continueAsNew,
} from '@temporalio/workflow';
import type { FleetInput, FleetProgress, Member } from '../domain/fleet/fleet.ts';
import { whoMayBegin } from '../domain/fleet/limits.ts';
import { countWords } from '../domain/fleet/summary.ts';
import { ofWave, waveCount } from '../domain/fleet/waves.ts';
import { isLong, isOver, openDesk, type Carried } from './fleet/desk.ts';
import { awaitApproval, planOf } from './fleet/plan-wave.ts';
import { openRestores } from './fleet/restores.ts';
import { survey } from './fleet/survey.ts';
import { failureOf } from './run/failure-record.ts';

/**
 * Restores many platforms in waves, each by the ordinary workflow `restore`: canaries first, then by size, so many at a
 * time as the limits allow. It holds when too many fail, and says of each platform what became of it. Its id,
 * `fleet/<name>`, can run once only. Green only when every platform passed.
 */
export async function fleet(given: FleetInput & { carried?: Carried }): Promise<FleetProgress> {
  const { carried, ...input } = { ...defaults, ...given };
  assertComplete(input);
  const desk = openDesk(input, carried);
  const { state, progress } = desk;
  const scope = CancellationScope.current();
  scope.cancelRequested.catch(() => desk.stop('cancelled in Temporal'));

  async function goOn(): Promise<never> {
    await condition(allHandlersFinished);
    return continueAsNew<typeof fleet>({ ...input, carried: state });
  }

  /** Has `begin` work on those of `todo` that limits and people allow, until none is left and none is worked on. */
  async function inTurn(
    todo: () => Member[],
    begin: (member: Member) => Promise<void>,
    { isBusy, mayLeave }: { isBusy: () => Member[]; mayLeave: () => boolean },
  ): Promise<void> {
    for (;;) {
      if (state.stopped !== undefined) skipTheRest(state.stopped);
      const left = todo();
      const busy = isBusy();
      if (left.length === 0 && busy.length === 0) return;
      if (isLong(input) && mayLeave()) await goOn();
      if (desk.mayStart() && !isLong(input))
        for (const member of whoMayBegin(left, busy, progress.limits)) void begin(member).then(() => desk.changed());
      await desk.awake();
    }
  }

  function skipTheRest(reason: string): void {
    const rest = progress.members.filter(({ state: now }) => now === 'waiting');
    if (rest.length === 0) return;
    for (const member of rest) Object.assign(member, { state: 'skipped', reason: `not started: ${reason}` });
    desk.changed();
  }

  async function plan(wave: () => Member[]): Promise<void> {
    desk.enter('planning');
    const planning = new Set<Member>();
    const begin = async (member: Member) => {
      planning.add(member);
      await planOf(input, member).finally(() => planning.delete(member));
    };
    const todo = () => wave().filter((one) => one.state === 'waiting' && !one.plan && !planning.has(one));
    await inTurn(todo, begin, { isBusy: () => [...planning], mayLeave: () => planning.size === 0 });
  }

  async function work(): Promise<void> {
    if (progress.members.length === 0) await survey(desk, input);
    const restores = openRestores(desk, input);
    for (let number = 1; number <= waveCount(progress.members); number++) {
      const wave = () => ofWave(progress.members, number);
      if (wave().every(isOver)) continue;
      const isCanaries = input.canaries.length > 0 && number === 1;
      progress.wave = { number, of: waveCount(progress.members), ...(isCanaries && { canaries: true }) };
      if (input.approval === 'wave' && state.approved?.wave !== number) {
        delete progress.waveHash;
        await plan(wave);
        if (!wave().every(isOver)) await awaitApproval(desk, input, wave());
      }
      desk.enter('running');
      await inTurn(
        () => wave().filter((one) => one.state === 'waiting'),
        (member) => restores.begin(member),
        {
          isBusy: () => progress.members.filter((one) => one.state === 'running'),
          mayLeave: () => restores.starting() === 0,
        },
      );
    }
  }

  await CancellationScope.nonCancellable(async () => {
    await work();
    const isGood = progress.members.every((one) => one.state === 'passed');
    desk.finish(isGood ? 'passed' : 'failed');
    await condition(allHandlersFinished);
  });
  if (scope.consideredCancelled) throw new CancelledFailure(`The fleet was cancelled: ${countWords(progress.members)}`);
  if (progress.phase === 'passed') return progress;
  throw failureOf({
    kind: 'RunFailed',
    message: `Not every platform of the fleet ${input.fleet} was restored: ${countWords(progress.members)}`,
    remedy: `"rekindle fleet status ${input.fleet}" says why; repair that, and restore those platforms alone`,
    checks: [],
  });
}

/** Of a fleet that somebody starts in the Temporal UI; the command line says everything. */
const defaults = {
  canaries: [],
  limits: { overall: 10 },
  stopWhenFailed: { count: 1 },
  waveSize: 50,
  approval: 'wave',
  restore: {},
} satisfies Partial<FleetInput>;

/** People start workflows by hand, where nothing checks what they type. */
function assertComplete({ fleet: name, platforms }: Partial<FleetInput>): void {
  if (name && platforms && platforms.length > 0) return;
  throw failureOf({
    kind: 'InvalidArgument',
    message: 'The input names no fleet, or no platform',
    remedy:
      'Start it with "rekindle restore --fleet <file>", or with the input {"fleet": "<name>", "platforms": ["<name>"]}',
    checks: [],
  });
}

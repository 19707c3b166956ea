import type { WorkflowHandle } from '@temporalio/client';
import { passed } from '../../domain/checks.ts';
import type { FleetInput, FleetProgress, Member } from '../../domain/fleet/fleet.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import type { RestoreInput } from '../../domain/runs/run.ts';
import { fleet as fleetQuery } from '../../workflows/messages.ts';
import type { AtEnd } from '../at-end.ts';
import { waitFor } from '../wait-for.ts';
import type { FakeOptions } from './fake-platform.ts';
import { openScenes, testWith, type Scene } from './scene.ts';

export interface FleetScene extends Scene {
  /** `a` is this platform's name: those of other tests have others. */
  nameOf: (letter: string) => string;
  /** The platforms whose restores did their work, in order, without the scene's prefix; `most`: at the same time. */
  worked: { order: string[]; most: number };
  startFleet: (letters: string, more?: Partial<FleetInput>) => Promise<TestFleet>;
}

export interface TestFleet {
  name: string;
  handle: WorkflowHandle;
  progress: () => Promise<FleetProgress>;
  until: (fits: (progress: FleetProgress) => unknown) => Promise<FleetProgress>;
  /** `{ a: 'passed', b: 'failed' }` */
  states: () => Promise<Record<string, Member['state']>>;
}

export interface FleetOptions extends Omit<Partial<FakeOptions>, 'overrides'> {
  /** What the restore of a platform does, by its letter: throws, or waits. */
  onRestore?: (letter: string) => Promise<void> | void;
  /** Of its newest point; absent: all of the same size. */
  bytes?: Record<string, number>;
  hosts?: Record<string, string>;
  /** The hash of a platform's plan, asked each time. */
  hashOf?: (letter: string, input: RestoreInput) => string;
  /** Whether preflight refuses the restore. */
  refuses?: (letter: string) => boolean;
}

/** Restores of one step, so that many fit a test: what they do is tested elsewhere. */
export const test = testWith((atEnd) => {
  const openScene = openScenes(atEnd);
  return { openFleet: (options: FleetOptions = {}) => openFleet(atEnd, openScene, options) };
});

async function openFleet(
  atEnd: AtEnd,
  openScene: (options: Partial<FakeOptions>) => Promise<Scene>,
  options: FleetOptions,
): Promise<FleetScene> {
  const { onRestore, bytes = {}, hosts = {}, hashOf = (letter: string) => letter.padEnd(64, '0') } = options;
  const worked = { order: [] as string[], most: 0 };
  let prefix = '';
  let busy = 0;
  const letterOf = (platform: string) => platform.slice(prefix.length);
  const scene = await openScene({
    ...options,
    overrides: (own) => ({
      locate: own.locate,
      surveyPlatforms: async (call) =>
        (await own.surveyPlatforms(call)).map((one) => {
          const letter = letterOf(one.platform);
          return { ...one, host: hosts[letter] ?? one.host, bytes: bytes[letter] ?? 1000 };
        }),
      planMember: ({ platform, ...input }) => {
        const letter = letterOf(platform);
        if (options.refuses?.(letter)) return Promise.resolve({ refused: 'preflight refuses: images: gone' });
        return Promise.resolve({ plan: { hash: hashOf(letter, { platform, ...input }) } });
      },
      prepareRestore: async (input) => {
        const { plan, checks } = await own.prepareRestore(input);
        const hash = hashOf(letterOf(input.platform), input);
        return { checks, plan: { ...oneStep(plan!), platform: input.platform, hash } };
      },
      verifyIndices: async ({ platform }) => {
        const letter = letterOf(platform);
        worked.order.push(letter);
        worked.most = Math.max(worked.most, ++busy);
        try {
          await onRestore?.(letter);
        } finally {
          busy -= 1;
        }
        return { summary: 'as it was', checks: [passed('indices', 'as they were')] };
      },
    }),
  });
  prefix = `${scene.platform}-`;
  const nameOf = (letter: string) => `${prefix}${letter}`;
  let count = 0;

  async function startFleet(letters: string, more: Partial<FleetInput> = {}): Promise<TestFleet> {
    const name = more.fleet ?? `${prefix}fleet-${++count}`;
    const input: FleetInput = {
      fleet: name,
      platforms: letters.split('').map(nameOf),
      limits: { overall: 5 },
      stopWhenFailed: { count: 1 },
      waveSize: 50,
      approval: 'each',
      restore: {},
      ...more,
      canaries: (more.canaries ?? []).map(nameOf),
    };
    const options = { taskQueue: scene.taskQueue, workflowId: `fleet/${name}`, args: [input] };
    await scene.client.workflow.start('fleet', options);
    // Whichever execution goes on.
    const handle = scene.client.workflow.getHandle(`fleet/${name}`);
    const progress = () => handle.query(fleetQuery);
    atEnd(() => handle.terminate('the test is over').catch(() => undefined));
    return {
      name,
      handle,
      progress,
      until: (fits) =>
        waitFor(
          async () => {
            const now = await progress();
            if (!fits(now)) throw new Error(`not yet: ${JSON.stringify(now)}`);
            return now;
          },
          { timeout: 60_000, interval: 25 },
        ),
      async states() {
        return Object.fromEntries((await progress()).members.map(({ platform, state }) => [letterOf(platform), state]));
      },
    };
  }
  return { ...scene, nameOf, worked, startFleet };
}

function oneStep(plan: Plan): Plan {
  const { pointOfNoReturn: _, ...rest } = plan;
  const steps = plan.steps.filter(({ action }) => action === 'verifyIndices').map((step) => ({ ...step, after: [] }));
  return { ...rest, steps, volumes: [] };
}

import { randomBytes } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { Client, Connection, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection } from '@temporalio/worker';
import type { RunProgress } from '../../domain/runs/progress.ts';
import type {
  BackupInput,
  CopyInput,
  DrillInput,
  PruneInput,
  RebuildInput,
  RestoreInput,
  ScrubInput,
} from '../../domain/runs/run.ts';
import { installRuntime } from '../../worker/runtime.ts';
import { progress as progressQuery } from '../../workflows/messages.ts';
import { type AtEnd, closeAll } from '../at-end.ts';
import { createWorker } from './create-worker.ts';
import { fakePlatform, type FakeOptions, type FakePlatform } from './fake-platform.ts';
import { provided } from '../provided.ts';
import { waitFor } from '../wait-for.ts';

interface Inputs {
  restore: Partial<RestoreInput>;
  backup: Partial<BackupInput>;
  rebuild: Partial<RebuildInput>;
  prune: Partial<PruneInput>;
  scrub: Partial<ScrubInput>;
  copy: Partial<CopyInput>;
  drill: Partial<DrillInput>;
}

/** A fake platform with a worker of its own that serves it; all of it ends with the test. */
export interface Scene extends FakePlatform {
  client: Client;
  platform: string;
  taskQueue: string;
  /** The worker ends in the middle of what it does, and another one takes over: it knows only what Temporal holds. */
  replaceWorker: () => Promise<void>;
  /** Starts a run of the platform under the id `<kind>/<platform>/<label>`. */
  start: <K extends keyof Inputs>(kind: K, input?: Inputs[K], label?: string) => Promise<WorkflowHandle>;
}

let connections: Promise<{ client: Client; native: NativeConnection }> | undefined;

/** Once per file; the process's end closes them. */
async function connect() {
  installRuntime('silent');
  const address = provided('temporalAddress');
  const connection = await Connection.connect({ address });
  return { client: new Client({ connection }), native: await NativeConnection.connect({ address }) };
}

export type OpenScene = (options?: Partial<FakeOptions>) => Promise<Scene>;

/** Tests with scenes. */
export const test = testWith((atEnd) => ({ openScene: openScenes(atEnd) }));

/**
 * Makes a `test` whose function is given tools; what they opened is closed when it ends. Tests wait for Temporal most of the
 * time, so those of a file run side by side, each with its own queue and platform.
 */
export function testWith<Tools>(toolsOf: (atEnd: AtEnd) => Tools) {
  return (name: string, body: (tools: Tools) => Promise<void>, timeout?: number): void => {
    const run = async () => {
      const closing: (() => unknown)[] = [];
      try {
        await body(toolsOf((close) => closing.push(close)));
      } catch (error) {
        await closeAll(closing).catch(() => undefined);
        throw error;
      }
      await closeAll(closing);
    };
    globalThis.test.concurrent(name, run, timeout);
  };
}

export const openScenes =
  (atEnd: AtEnd): OpenScene =>
  (options) =>
    openScene(atEnd, options);

async function openScene(atEnd: AtEnd, options: Partial<FakeOptions> = {}): Promise<Scene> {
  const { client, native } = await (connections ??= connect());
  const platform = options.platform ?? `demo-${randomBytes(4).toString('hex')}`;
  const taskQueue = `test-${platform}`;
  const fake = fakePlatform({ ...options, platform, taskQueue });
  const create = () =>
    createWorker({
      connection: native,
      taskQueue,
      workflowBundle: { codePath: provided('workflowBundle') },
      activities: fake.activities,
      maxHeartbeatThrottleInterval: '50 milliseconds',
      shutdownGraceTime: '100 milliseconds',
      // An activity of a failed test may wait for what never comes.
      shutdownForceTime: '2 seconds',
    });
  const serve = async () => {
    const worker = await create();
    const running = worker.run().catch(() => undefined);
    return async () => {
      worker.shutdown();
      await running;
    };
  };
  let stop = await serve();
  const handles: WorkflowHandle[] = [];
  atEnd(async () => {
    // A run that the test left open would keep its lock and its activities.
    await Promise.all(handles.map((handle) => handle.terminate('the test is over').catch(() => undefined)));
    await stop();
  });
  return {
    ...fake,
    client,
    platform,
    taskQueue,
    replaceWorker: async () => {
      await stop();
      stop = await serve();
    },
    async start(kind, input = {}, label = '1') {
      const handle = await client.workflow.start(kind, {
        taskQueue,
        workflowId: `${kind}/${platform}/${label}`,
        args: [{ platform, ...input }],
      });
      handles.push(handle);
      return handle;
    },
  };
}

export function progressOf(handle: WorkflowHandle): Promise<RunProgress> {
  return handle.query(progressQuery);
}

/** The first progress that fits, within 100 s. */
export function until(
  handle: WorkflowHandle,
  fits: (progress: RunProgress) => boolean,
  what = 'the wanted progress',
): Promise<RunProgress> {
  return waitFor(
    async () => {
      const progress = await progressOf(handle);
      if (!fits(progress)) throw new Error(`not ${what}: ${progress.phase}, ${progress.note ?? ''}`);
      return progress;
    },
    { timeout: 100_000, interval: 25 },
  );
}

export const inPhase = (handle: WorkflowHandle, phase: RunProgress['phase']) =>
  until(handle, (progress) => progress.phase === phase, phase);

/** What the Temporal UI shows of the run under User Metadata. */
export async function detailsOf(handle: WorkflowHandle): Promise<string> {
  return (await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails;
}

/** The summaries of the timers that a run has started. */
export async function timersOf({ client }: Scene, handle: WorkflowHandle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  const { payloadConverter } = client.options.loadedDataConverter;
  return (events ?? [])
    .filter((event) => event.timerStartedEventAttributes)
    .map(({ userMetadata }) =>
      userMetadata?.summary ? payloadConverter.fromPayload<string>(userMetadata.summary) : 'no name',
    );
}

/** How the workflow failed: the failure's type, message and remedy. */
export async function failureOf(handle: WorkflowHandle): Promise<{ type: string; message: string; remedy?: string }> {
  const outcome: unknown = await handle.result().catch((error: unknown) => error);
  if (!(outcome instanceof WorkflowFailedError)) throw new Error('the workflow did not fail', { cause: outcome });
  const { cause } = outcome;
  if (!(cause instanceof ApplicationFailure)) return { type: cause?.name ?? '', message: cause?.message ?? '' };
  const [detail] = (cause.details ?? []) as [{ remedy?: string }?];
  return { type: cause.type ?? '', message: cause.message, remedy: detail?.remedy };
}

/** Closed until a test opens it. */
export function gate(): { passed: Promise<void>; open: () => void } {
  let resolve: (() => void) | undefined;
  const passed = new Promise<void>((done) => (resolve = done));
  return { passed, open: () => resolve?.() };
}

/** Inside an activity: works until it is cancelled, and heartbeats, without which it would not hear of it. */
export async function untilCancelled(): Promise<never> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), 20);
  try {
    return await context.cancelled;
  } finally {
    clearInterval(beat);
  }
}

/** Inside an activity: hears of a cancellation, and ends its work all the same. */
export async function finishDespiteCancellation(): Promise<void> {
  await untilCancelled().catch(() => undefined);
}

export async function isLocked({ client, platform }: Scene): Promise<boolean> {
  const { status } = await client.workflow.getHandle(`exclusive/${platform}`).describe();
  return status.name === 'RUNNING';
}

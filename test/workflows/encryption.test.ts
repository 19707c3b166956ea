import { randomBytes } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { DataConverter } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import { pendingActivities } from '../../client/pending.ts';
import { askProgress } from '../../client/runs.ts';
import { dataConverterOf, failureConverterPath } from '../../config/payload-encryption/data-converter.ts';
import { payloadKey } from '../../config/payload-encryption/keys.ts';
import { installRuntime } from '../../worker/runtime.ts';
import { approve } from '../../workflows/messages.ts';
import { findSecrets } from '../secret-search.ts';
import { workflowBundle } from './bundle.ts';
import { createWorker } from './create-worker.ts';
import { fakePlatform, refusal, type FakeOptions } from './fake-platform.ts';
import { failureOf, gate, inPhase, progressOf } from './scene.ts';
import { provided } from '../provided.ts';
import { waitFor } from '../wait-for.ts';

// What Temporal stores of a run whose processes have a payload key, and what those see that have none.

const key = payloadKey(randomBytes(32));
const encrypted = dataConverterOf([key]);
const keyless = dataConverterOf([]);
/** Words that pass through Temporal at different places; none may stand there in the clear. */
const words = {
  summary: 'summary-in-the-dark',
  heartbeat: 'heartbeat-in-the-dark',
  failure: 'failure-in-the-dark',
  person: 'person-in-the-dark',
  title: 'title-in-the-dark',
};

let connection: Connection;
let native: NativeConnection;
let encryptedBundle: string;

beforeAll(async () => {
  installRuntime('silent');
  const address = provided('temporalAddress');
  [connection, native] = await Promise.all([Connection.connect({ address }), NativeConnection.connect({ address })]);
  encryptedBundle = await workflowBundle(failureConverterPath);
});
afterAll(() => Promise.all([connection.close(), native.close()]));

const clientWith = (dataConverter: DataConverter) => new Client({ connection, dataConverter });
const bundleFor = (dataConverter: DataConverter) =>
  dataConverter.failureConverterPath === undefined
    ? { codePath: provided('workflowBundle') }
    : { codePath: encryptedBundle };

interface Stage {
  handle: WorkflowHandle;
  serve: (dataConverter: DataConverter) => Promise<() => Promise<void>>;
}

/** A restore that waits for a worker; `serve` starts one, and answers with how to end it. */
async function begin(client: Client, options: Partial<FakeOptions>): Promise<Stage> {
  const platform = `demo-${randomBytes(4).toString('hex')}`;
  const taskQueue = `test-${platform}`;
  const { activities } = fakePlatform({ ...options, platform, taskQueue });
  const handle = await client.workflow.start('restore', {
    taskQueue,
    workflowId: `restore/${platform}/1`,
    args: [{ platform }],
    staticSummary: words.title,
  });
  const serve = async (dataConverter: DataConverter) => {
    const workflowBundle = bundleFor(dataConverter);
    const worker = await createWorker({
      connection: native,
      taskQueue,
      workflowBundle,
      activities,
      dataConverter,
      maxHeartbeatThrottleInterval: '50 milliseconds',
      shutdownGraceTime: '100 milliseconds',
      stickyQueueScheduleToStartTimeout: '1 second',
    });
    const running = worker.run();
    return async () => {
      worker.shutdown();
      await running;
    };
  };
  return { handle, serve };
}

/** Approved by a person, with a heartbeat, a failure that is tried again, and a summary; looked at in between. */
async function eventfulRun(dataConverter: DataConverter) {
  const client = clientWith(dataConverter);
  const looked = gate();
  const { handle, serve } = await begin(client, {
    policy: { approval: 'required' },
    onStep: async (what, attempt) => {
      if (what !== 'stopService api') return undefined;
      if (attempt === 1) throw refusal('DockerUnreachable', words.failure);
      Context.current().heartbeat({ done: 1, total: 2, unit: 'containers', note: words.heartbeat });
      await looked.passed;
      return { summary: words.summary };
    },
  });
  const end = await serve(dataConverter);
  const { planHash = '' } = await inPhase(handle, 'waiting for approval');
  await handle.executeUpdate(approve, { args: [{ planHash, by: words.person }] });
  const pending = await waitFor(
    async () => {
      const found = (await pendingActivities(client, handle)).find(({ progress }) => progress !== undefined);
      if (!found) throw new Error('no heartbeat yet');
      return found;
    },
    { timeout: 15_000, interval: 50 },
  );
  const raw = JSON.stringify((await handle.describe()).raw);
  looked.open();
  await handle.result();
  const progress = await progressOf(handle);
  const metadata = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  const described = await handle.describe();
  await end();
  const history = await handle.fetchHistory();
  return {
    workflowId: handle.workflowId,
    history,
    pending,
    progress,
    metadata,
    staticSummary: await described.staticSummary(),
    raw,
  };
}

/** All payloads of a history as JSON: where they stand, and how they are encoded. */
function payloadsOf(value: unknown, place = ''): { place: string; encoding: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const { metadata } = value as { metadata?: { encoding?: string } };
  if (metadata?.encoding !== undefined)
    return [{ place, encoding: Buffer.from(metadata.encoding, 'base64').toString() }];
  return Object.entries(value).flatMap(([name, each]) => payloadsOf(each, `${place}.${name}`));
}

const clearWords = (text: string, where = 'the history') => findSecrets([{ where, text }], words);

test.concurrent(
  'nothing that people said or were told stands in the history; with the key all of it is read',
  async () => {
    const run = await eventfulRun(encrypted);
    const text = historyToJSON(run.history);
    expect(clearWords(text)).toEqual([]);
    expect(clearWords(run.raw, 'the description')).toEqual([]);
    // Of all payloads only the search attributes are in the clear: Temporal sorts by them.
    const payloads = payloadsOf(JSON.parse(text));
    expect(payloads.length).toBeGreaterThan(100);
    expect(payloads.filter(({ place }) => !/searchAttributes/.test(place)).map(({ encoding }) => encoding)).toEqual(
      payloads.filter(({ place }) => !/searchAttributes/.test(place)).map(() => 'binary/encrypted'),
    );

    expect(run.pending).toMatchObject({ progress: { note: words.heartbeat }, lastFailure: words.failure });
    expect(run.progress).toMatchObject({ phase: 'passed', approvals: [{ by: words.person }] });
    expect(run.progress.steps.find(({ id }) => id === 'stop-api')?.summary).toBe(words.summary);
    expect(run.metadata.currentDetails).toContain(words.summary);
    expect(run.staticSummary).toBe(words.title);

    const workflowBundle = bundleFor(encrypted);
    const replay = (dataConverter: DataConverter) =>
      Worker.runReplayHistory({ workflowBundle, dataConverter }, run.history, run.workflowId);
    await replay(encrypted);
    await expect(replay(keyless)).rejects.toThrow(/REKINDLE_PAYLOAD_KEY_FILE/);
  },
);

test.concurrent('without a key the same search finds all of it', async () => {
  const run = await eventfulRun(keyless);
  const found = [...clearWords(historyToJSON(run.history)), ...clearWords(run.raw, 'the description')].join('\n');
  for (const word of Object.keys(words)) expect(found).toContain(`${word} (plain)`);
});

test.concurrent('a failure’s message and stack are encrypted, and read by whoever has the key', async () => {
  const { handle, serve } = await begin(clientWith(encrypted), {
    onStep: (what) => {
      if (what === 'stopService api') throw refusal('ContainerFailed', words.failure);
      return undefined;
    },
  });
  const end = await serve(encrypted);
  expect(await failureOf(handle)).toMatchObject({ type: 'ContainerFailed', message: words.failure });
  const text = historyToJSON(await handle.fetchHistory());
  expect(clearWords(text)).toEqual([]);
  expect(text).not.toMatch(/"stackTrace": ?"[^"]/);
  expect(text).toContain('Encoded failure');

  const other = clientWith(keyless);
  const withoutKey = other.workflow.getHandle(handle.workflowId);
  const missing = { kind: 'MissingKey', message: expect.stringContaining('REKINDLE_PAYLOAD_KEY_FILE') as string };
  await expect(withoutKey.result()).rejects.toMatchObject(missing);
  await expect(askProgress(other, withoutKey, 60_000)).rejects.toMatchObject(missing);
  await end();
});

test.concurrent('a worker without the key says what it lacks; the run goes on with one that has it', async () => {
  const { handle, serve } = await begin(clientWith(encrypted), {});
  const end = await serve(keyless);
  const said = await waitFor(
    async () => {
      const { events } = await handle.fetchHistory();
      const event = events?.find(({ workflowTaskFailedEventAttributes }) => workflowTaskFailedEventAttributes);
      if (!event) throw new Error('no task failed yet');
      return event.workflowTaskFailedEventAttributes?.failure?.message;
    },
    { timeout: 15_000, interval: 50 },
  );
  expect(said).toMatch(new RegExp(`payload key ${key.id}, and this process has none; point REKINDLE_PAYLOAD_KEY_FILE`));
  expect((await handle.describe()).status.name).toBe('RUNNING');
  await end();
  const endSecond = await serve(encrypted);
  expect(await handle.result()).toMatchObject({ phase: 'passed' });
  await endSecond();
});

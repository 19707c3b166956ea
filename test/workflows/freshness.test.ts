import { randomBytes } from 'node:crypto';
import { Client, Connection, ScheduleOverlapPolicy, type ScheduleHandle } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { payloadCodec } from '../../config/payload-encryption/codec.ts';
import { payloadKey } from '../../config/payload-encryption/keys.ts';
import type { Freshness } from '../../domain/status/freshness.ts';
import type { RecoveryPointManifest } from '../../domain/recovery-points/recovery-point.ts';
import { demoManifest } from '../demo-situation.ts';
import { test, type Announcing } from './announcing.ts';
import { createWorker } from './create-worker.ts';
import { refusal } from './fake-platform.ts';
import type { Scene } from './scene.ts';
import { provided } from '../provided.ts';
import { waitFor } from '../wait-for.ts';

// A real schedule hands each run what the one before found.

const point = (platform: string, minutesOld: number): RecoveryPointManifest => {
  const startedAt = new Date(Date.now() - minutesOld * 60_000).toISOString();
  return { ...demoManifest(platform), id: `p${minutesOld}`, platform, startedAt, finishedAt: startedAt };
};

async function schedule(
  atEnd: (close: () => Promise<unknown>) => void,
  { client, platform }: Pick<Scene, 'client' | 'platform'>,
): Promise<ScheduleHandle> {
  const handle = await client.schedule.create({
    scheduleId: `rekindle/${platform}/freshness`,
    spec: { intervals: [{ every: '1 second' }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP },
    action: { type: 'startWorkflow', workflowType: 'freshness', taskQueue: `test-${platform}`, args: [{ platform }] },
  });
  atEnd(() => handle.delete());
  return handle;
}

const runs = async (handle: ScheduleHandle) => (await handle.describe()).info.numActionsTaken;
/** After so many more runs have been started. */
async function later(handle: ScheduleHandle, more: number): Promise<void> {
  const before = await runs(handle);
  await waitFor(async () => expect(await runs(handle)).toBeGreaterThanOrEqual(before + more), {
    timeout: 20_000,
    interval: 100,
  });
}
const texts = ({ receivers }: Announcing) => receivers[0]?.received.map(({ json }) => json['event'] as string) ?? [];
const until = (told: Announcing, wanted: string[]) =>
  waitFor(() => expect(texts(told)).toEqual(wanted), { timeout: 20_000, interval: 50 });

const objectives = { recoveryPointMinutes: 30 };

describe('freshness, by a schedule', () => {
  test('stale is announced once, fresh again once', async ({ openScene, openAnnouncing, atEnd }) => {
    const told = await openAnnouncing({ more: { objectives } });
    await told.catalogue.writeManifest(point(told.platform, 45));
    const scene = await openScene({ platform: told.platform, overrides: told.activities });
    const handle = await schedule(atEnd, scene);
    await until(told, ['stale']);
    expect(told.receivers[0]?.received[0]?.json).toMatchObject({
      freshness: { objectiveMinutes: 30, newest: { id: 'p45', ageMinutes: 45 }, reminder: false },
    });
    await later(handle, 3);
    expect(texts(told)).toEqual(['stale']);
    await told.catalogue.writeManifest(point(told.platform, 1));
    await until(told, ['stale', 'recovery']);
    await later(handle, 3);
    expect(texts(told)).toEqual(['stale', 'recovery']);
  });

  test('what one run found is the next one’s also when Temporal stores it encrypted', async ({
    openAnnouncing,
    atEnd,
  }) => {
    const told = await openAnnouncing({ more: { objectives } });
    const dataConverter = { payloadCodecs: [payloadCodec([payloadKey(randomBytes(32))])] };
    const address = provided('temporalAddress');
    const connection = await Connection.connect({ address });
    const native = await NativeConnection.connect({ address });
    const worker = await createWorker({
      connection: native,
      taskQueue: `test-${told.platform}`,
      workflowBundle: { codePath: provided('workflowBundle') },
      activities: told.activities,
      dataConverter,
    });
    const running = worker.run();
    atEnd(async () => {
      worker.shutdown();
      await running;
      await Promise.all([connection.close(), native.close()]);
    });
    const client = new Client({ connection, dataConverter });
    const handle = await schedule(atEnd, { client, platform: told.platform });
    await until(told, ['stale']);
    await later(handle, 2);
    expect(texts(told)).toEqual(['stale']);
  });

  test('a receiver that was down is notified by a later run, with the same id; the others are not notified again', async ({
    openScene,
    openAnnouncing,
    atEnd,
  }) => {
    const told = await openAnnouncing({
      more: { objectives },
      answers: [() => ({ status: 200 }), (_received, count) => ({ status: count <= 3 ? 500 : 200 })],
    });
    const scene = await openScene({ platform: told.platform, overrides: told.activities });
    const handle = await schedule(atEnd, scene);
    const [well, ill] = told.receivers;
    await waitFor(() => expect(ill?.received).toHaveLength(4), { timeout: 20_000, interval: 50 });
    await later(handle, 2);
    expect(well?.received).toHaveLength(1);
    expect(ill?.received).toHaveLength(4);
    const ids = [...(well?.received ?? []), ...(ill?.received ?? [])].map(({ json }) => json['id']);
    expect(new Set(ids).size).toBe(1);
  });
});

describe('one freshness check', () => {
  const look = async ({ client, platform }: Scene): Promise<Freshness> =>
    (await client.workflow.execute('freshness', {
      taskQueue: `test-${platform}`,
      workflowId: `freshness/${platform}/1`,
      args: [{ platform }],
    })) as Freshness;

  test('takes one activity when there is nothing to announce', async ({ openScene, openAnnouncing }) => {
    const told = await openAnnouncing({ more: { objectives } });
    await told.catalogue.writeManifest(point(told.platform, 1));
    const scene = await openScene({ platform: told.platform, overrides: told.activities });
    expect(await look(scene)).toMatchObject({ state: 'fresh', newest: { id: 'p1' } });
    const { events } = await scene.client.workflow.getHandle(`freshness/${told.platform}/1`).fetchHistory();
    expect(events?.filter((event) => event.activityTaskScheduledEventAttributes)).toHaveLength(1);
    expect(events?.length).toBeLessThanOrEqual(12);
    expect(told.receivers[0]?.received).toEqual([]);
  });

  test('an unreadable catalogue is announced when nothing new is known for too long', async ({
    openScene,
    openAnnouncing,
    atEnd,
  }) => {
    const key = { env: 'BEARER' };
    const catalogue = { kind: 's3', bucket: 'gone', endpoint: 'http://127.0.0.1:1', accessKey: key, secretKey: key };
    const told = await openAnnouncing({ more: { objectives: { recoveryPointMinutes: 0.02 }, catalogue } });
    const scene = await openScene({ platform: told.platform, overrides: told.activities });
    await schedule(atEnd, scene);
    await until(told, ['stale']);
    expect(told.receivers[0]?.received[0]?.json['freshness']).toMatchObject({
      reason: expect.stringContaining('the catalogue cannot be read') as string,
    });
  });

  test('a platform file that cannot be read keeps what was known', async ({ openScene }) => {
    const judgeFreshness = () => Promise.reject(refusal('InvalidPlatformFile', 'line 3'));
    const scene = await openScene({ overrides: { judgeFreshness } });
    expect(await look(scene)).toMatchObject({
      state: 'unmeasured',
      reason: expect.stringContaining('line 3') as string,
    });
  });

  test('a catalogue on another host’s disk is read there; without a worker there it counts as out of reach', async ({
    openScene,
    atEnd,
  }) => {
    const seen: unknown[] = [];
    const scene = await openScene({
      overrides: {
        judgeFreshness: (call) => {
          seen.push(call);
          if (seen.length === 1) return Promise.resolve({ elsewhere: 'nobody-serves-this' });
          return Promise.resolve({ next: { version: 1, state: 'fresh', since: '2026-11-21T10:00:00.000Z' } as const });
        },
      },
    });
    const handle = await scene.client.workflow.start('freshness', {
      taskQueue: `test-${scene.platform}`,
      workflowId: `freshness/${scene.platform}/elsewhere`,
      args: [{ platform: scene.platform }],
    });
    atEnd(() => handle.terminate().catch(() => undefined));
    await waitFor(
      async () => {
        const { events } = await handle.fetchHistory();
        const queues = events?.flatMap((event) => event.activityTaskScheduledEventAttributes?.taskQueue?.name ?? []);
        expect(queues).toEqual([`test-${scene.platform}`, 'nobody-serves-this']);
      },
      { timeout: 15_000 },
    );
    expect(seen).toHaveLength(1);
  });
});

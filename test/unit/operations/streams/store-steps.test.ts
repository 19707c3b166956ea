import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../../../domain/failures.ts';
import { checkParts, checkServer } from '../../../../operations/preflight/streams.ts';
import { streamsInManifest, writtenStreams } from '../../../../operations/streams/published.ts';
import { scrubParts } from '../../../../operations/streams/scrub-parts.ts';
import * as steps from '../../../../operations/streams/store-steps.ts';
import { validateStreamed } from '../../../../operations/validate/streamed.ts';
import { useAtEnd } from '../../../at-end.ts';
import { demoManifest } from '../../../demo-situation.ts';
import { postgres } from '../../../postgres-situation.ts';
import type { FakeOptions } from '../../systems/postgres/fake-postgres.ts';
import { point, streamScene } from './scene.ts';

const atEnd = useAtEnd();

async function scene(options: FakeOptions = {}) {
  const made = await streamScene(options);
  atEnd(made.cleanUp);
  return made;
}

async function backedUp(options: FakeOptions = {}) {
  const made = await scene(options);
  const { open, call, publish } = made;
  await steps.backUp(open, call({}), {});
  await steps.verify(open, call({}), {});
  const streams = await writtenStreams(open, point);
  await publish(streamsInManifest(streams, ['2026-11-21T09:30:12.000Z']));
  const keyOf = (part: string) => streams[0]!.parts.find((each) => each.part === part)!.key;
  return { ...made, streams, keyOf };
}

test('a store goes through backup, restore, comparison and release; a second attempt finds it done', async () => {
  const { open, call, server } = await backedUp();
  const run = 'restore/demo/1';
  await steps.restore(open, call({}, run), {});
  await steps.restore(open, call({}, run), {});
  expect(server.databases.get('app')?.content).toBe('restored');
  expect((await steps.compare(open, call({}, run), {})).checks?.every(({ verdict }) => verdict === 'pass')).toBe(true);
  await steps.releaseParts(open, call({}, run), {});
  expect([...server.databases.keys()]).toEqual(['app']);
});

test('the way back brings what was there', async () => {
  const { open, call, server } = await backedUp();
  await steps.restore(open, call({}, 'restore/demo/1'), {});
  await steps.putBackParts(open, call({}, 'restore/demo/1'), {});
  expect(server.databases.get('app')?.content).toBe('old');
});

test('the manifest says what the store holds, and how far apart the stores are', async () => {
  const { catalogue } = await backedUp();
  const { streams, skewSeconds } = await catalogue.readManifest(point);
  expect(streams).toMatchObject([{ store: 'accounts', kind: 'postgres', dataBytes: 1000 }]);
  expect(skewSeconds).toBeGreaterThan(0);
  const { points } = await catalogue.listPoints();
  expect(points[0]?.totalBytes).toBe(1 + streams![0]!.totalBytes);
});

test('without the rights that a backup needs it is refused before anything is written', async () => {
  const { open, call, catalogue } = await scene({
    answers: [
      [
        /'serverVersion'/,
        {
          serverVersion: 150_018,
          superuser: false,
          inRecovery: false,
          tablespaces: [],
          availableExtensions: {},
          databases: {},
        },
      ],
    ],
  });
  await expect(steps.check(open, call({}), {})).rejects.toMatchObject({ kind: 'PreflightRefused' });
  expect(await catalogue.objectsOf(point)).toEqual([]);
});

test('what a backup that failed wrote is removed; what a point holds stays', async () => {
  const { open, call, catalogue, publish } = await scene();
  await steps.backUp(open, call({}), {});
  await steps.discardParts(open, call({}));
  expect(await catalogue.objectsOf(point)).toEqual([]);
  await steps.backUp(open, call({}), {});
  await publish(streamsInManifest(await writtenStreams(open, point), []));
  const { summary } = await steps.discardParts(open, call({}));
  expect(summary).toContain('stay');
  expect((await steps.verify(open, call({}), {})).checks).toMatchObject([{ verdict: 'pass' }]);
});

test('a server that cannot take the point is refused before anything in it is changed', async () => {
  const { open, call, server } = await backedUp();
  const older = fakeServer(110_000);
  const { commandsIn } = (await scene({ answers: older })).open.docker;
  const before = [...server.databases];
  const attempt = steps.restore({ ...open, docker: { ...open.docker, commandsIn } }, call({}, 'restore/demo/1'), {});
  await expect(attempt).rejects.toMatchObject({ kind: 'RestoreFailed' });
  expect([...server.databases]).toEqual(before);
});

const fakeServer = (serverVersion: number): [RegExp, unknown][] => [
  [
    /'serverVersion'/,
    {
      serverVersion,
      superuser: true,
      inRecovery: false,
      tablespaces: [],
      availableExtensions: {},
      databases: { app: 1 },
    },
  ],
];

describe('preflight', () => {
  const store = postgres();

  test('finds the parts, and the key that opens them', async () => {
    const { open, catalogue } = await backedUp();
    const manifest = await catalogue.readManifest(point);
    expect(await checkParts(open, store, { manifest }, {})).toMatchObject({ verdict: 'pass' });
    expect((await checkServer(open, store, { manifest }, {})).map(({ verdict }) => verdict)).not.toContain('fail');
  });

  test('names a part that is missing or too short', async () => {
    const { open, catalogue, root, keyOf } = await backedUp();
    const manifest = await catalogue.readManifest(point);
    await writeFile(join(root, keyOf('database-app')), 'short');
    const check = await checkParts(open, store, { manifest }, {});
    expect(check).toMatchObject({ name: 'parts accounts', verdict: 'fail' });
    expect(check.evidence).toContain(`${keyOf('database-app')} has 5 bytes`);
  });

  test('refuses another key, and a point that has nothing of the store', async () => {
    const { open, catalogue } = await backedUp();
    const manifest = await catalogue.readManifest(point);
    const other = (await scene()).open.identity;
    await expect(checkParts({ ...open, identity: other }, store, { manifest }, {})).rejects.toBeInstanceOf(Failure);
    const none = await checkParts(open, store, { manifest: demoManifest() }, {});
    expect(none).toMatchObject({
      verdict: 'fail',
      evidence: expect.stringContaining('holds no data of accounts') as string,
    });
  });

  test('says that a server which is down was not asked', async () => {
    const { open, catalogue, containers } = await backedUp();
    containers[0]!.running = false;
    const manifest = await catalogue.readManifest(point);
    expect(await checkServer(open, store, { manifest }, {})).toMatchObject([{ verdict: 'pass', warning: true }]);
  });

  test('validation says what there is to back up', async () => {
    const { open } = await scene();
    const checks = await validateStreamed(open, store);
    expect(checks.at(-1)?.evidence).toBe('It answers, and has 1 databases with 1000 bytes');
  });
});

describe('a scrub', () => {
  const now = '2026-12-24T00:00:00Z';
  const scrub = (scope: unknown) => ({ scope, since: now, timeoutSeconds: 60 });

  test('marks a point with a damaged part, and takes the mark back when it is good again', async () => {
    const { open, call, catalogue, root, keyOf, streams: artefacts } = await backedUp();
    const path = join(root, keyOf('database-app'));
    const good = await catalogue.readObject(keyOf('database-app'));
    const spoiled = Buffer.from(good!);
    spoiled[spoiled.length - 1]! ^= 1;
    await writeFile(path, spoiled);
    const { checks } = await scrubParts(open, call(scrub({ point })), {});
    expect(checks).toMatchObject([{ name: 'scrub accounts', verdict: 'fail' }]);
    expect((await catalogue.listPoints()).points[0]).toMatchObject({ id: point, bad: true });
    await writeFile(path, good!);
    expect((await scrubParts(open, call(scrub({ point })), {})).checks).toMatchObject([{ verdict: 'pass' }]);
    expect((await catalogue.listPoints()).points[0]?.bad).toBe(false);
    expect(artefacts[0]!.parts).toHaveLength(2);
  });

  test('of a share reads what was not read for so many days, and nothing twice in a run', async () => {
    const { open, call, platform } = await backedUp();
    platform.backup.scrubDays = 60;
    expect((await scrubParts(open, call(scrub('share')), {})).summary).toMatch(/^0 recovery points/);
    platform.backup.scrubDays = 7;
    expect((await scrubParts(open, call(scrub('share')), {})).summary).toMatch(/^1 recovery points/);
  });

  test('reads all when all is asked for', async () => {
    const { open, call } = await backedUp();
    const since = '2020-01-01T00:00:00Z';
    expect((await scrubParts(open, call({ ...scrub('all'), since: now }), {})).summary).toMatch(/^1 recovery points/);
    // It was read after this run began.
    expect((await scrubParts(open, call({ ...scrub('all'), since }), {})).summary).toMatch(/^0 recovery points/);
  });
});

test('a prune removes the parts with their point', async () => {
  const { catalogue } = await backedUp();
  await catalogue.removePoint(point);
  expect(await catalogue.objectsOf(point)).toEqual([]);
});

test("what a dead backup left of a store is known as a backup's", async () => {
  const { open, call, catalogue } = await scene();
  await steps.backUp(open, call({}), {});
  expect(await catalogue.listUnfinished()).toMatchObject([{ id: point, known: true }]);
});

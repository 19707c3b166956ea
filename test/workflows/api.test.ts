import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { routeSchemas } from '../../api/route-schemas.ts';
import { routes, type RouteName } from '../../api/routes.ts';
import { readEnvironment } from '../../config/environment.ts';
import { startGateway } from '../../gateway/gateway.ts';
import { provided } from '../provided.ts';
import { waitFor } from '../wait-for.ts';
import { openScenes, testWith } from './scene.ts';

type Asked = { status: number; json: unknown };
type Ask = (name: RouteName, params: Record<string, string>, body?: object) => Promise<Asked>;

/** A gateway over the tests' Temporal, and the platform file of one platform. */
async function gatewayOf(platform: string, taskQueue: string, atEnd: (close: () => unknown) => void): Promise<Ask> {
  const folder = await mkdtemp(join(tmpdir(), 'rkt-api-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const repository = { name: 'backup', type: 's3', settings: {} };
  const file = {
    platform,
    deployment: { kind: 'compose', project: platform, data: ['elasticsearch'] },
    stores: [{ name: 'documents', kind: 'elasticsearch', service: 'elasticsearch', repository }],
    catalogue: { kind: 'directory', path: folder },
  };
  await writeFile(join(folder, `${platform}.yaml`), stringify(file));
  const environment = readEnvironment({
    REKINDLE_PLATFORMS: folder,
    REKINDLE_STATE: join(folder, 'state'),
    REKINDLE_GATEWAY_ADDRESS: '127.0.0.1:0',
    REKINDLE_TASK_QUEUE: taskQueue,
    TEMPORAL_ADDRESS: provided('temporalAddress'),
  });
  const openCatalogue = () =>
    Promise.resolve({
      listPoints: () => Promise.resolve({ points: [] }),
      listPointsSince: () => Promise.resolve({ points: [] }),
      listOutcomes: () => Promise.resolve([]),
      readReport: () => Promise.resolve(undefined),
      listCoverages: () => Promise.resolve([]),
    });
  const gateway = await startGateway({ environment, version: '1', openCatalogue });
  atEnd(() => gateway.close());
  return async (name, params, body) => {
    const { method, path } = routes[name];
    const url = gateway.url + path.replace(/\{(\w+)\}/g, (_, one: string) => encodeURIComponent(params[one] ?? ''));
    const answer = await fetch(url, {
      method,
      headers: { 'x-rekindle-request': '1', ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const json: unknown = await answer.json();
    if (answer.status === 200) expect(routeSchemas[name].answer.safeParse(json).error?.issues ?? []).toEqual([]);
    return { status: answer.status, json };
  };
}

const test = testWith((atEnd) => ({ atEnd, openScene: openScenes(atEnd) }));

test('a restore over the API: planned, shown, approved by two at once, and its end', async ({ openScene, atEnd }) => {
  const { platform, taskQueue, restorePlan, client } = await openScene({
    policy: { approval: 'required', approvalsNeeded: 2 },
  });
  const ask = await gatewayOf(platform, taskQueue, atEnd);
  const started = await ask('startRestore', { platform }, { by: 'ann', point: 'latest' });
  expect(started).toMatchObject({
    status: 200,
    json: { run: expect.stringContaining(`restore/${platform}/`) as string },
  });
  const { run } = started.json as { run: string };
  const shown = await waitFor(
    async () => {
      const details = await ask('run', { run });
      expect(details.json).toMatchObject({
        progress: { phase: 'waiting for approval' },
        plan: { hash: restorePlan.hash },
      });
      return details.json;
    },
    { timeout: 60_000, interval: 300 },
  );
  expect(shown).toMatchObject({
    run: { status: 'running' },
    cutOff: false,
    progress: { startedBy: { how: 'page', name: 'ann' } },
  });
  expect((await ask('platform', { platform })).json).toMatchObject({ worker: 'working' });

  const word = { planHash: restorePlan.hash, platform };
  const wrong = await ask('approve', { run }, { by: 'ann', planHash: restorePlan.hash, platform: 'another' });
  expect(wrong).toMatchObject({ status: 400, json: { failure: { kind: 'InvalidArgument' } } });
  const stale = await ask('approve', { run }, { by: 'ann', platform, planHash: '0'.repeat(64) });
  expect(stale).toMatchObject({
    status: 400,
    json: { failure: { message: expect.stringContaining(restorePlan.hash) as string } },
  });
  // Both press at once, and each is told what is true.
  const both = await Promise.all(['ann', 'bob'].map((by) => ask('approve', { run }, { by, ...word })));
  expect(both.map(({ status }) => status)).toEqual([200, 200]);
  await client.workflow.getHandle(run).result();
  const end = await waitFor(
    async () => {
      const details = await ask('run', { run });
      expect(details.json).toMatchObject({ run: { status: 'completed' }, progress: { phase: 'passed' } });
      // A worker that is too busy to answer is only shown as silent.
      expect(details.json).not.toHaveProperty('silent');
      return details.json as { progress: { approvals: { by: string }[] } };
    },
    { timeout: 60_000 },
  );
  expect(end.progress.approvals.map(({ by }) => by).toSorted()).toEqual(['ann', 'bob']);
  expect(await ask('reject', { run }, { by: 'eve' })).toMatchObject({
    status: 400,
    json: { failure: { message: expect.stringMatching(/has ended/) as string } },
  });
});

test('without a worker: the run says that nobody works on it, and so does the platform', async ({
  openScene,
  atEnd,
}) => {
  const { platform, client } = await openScene();
  const ask = await gatewayOf(platform, `nobody-${platform}`, atEnd);
  const { json } = await ask('startBackup', { platform }, { by: 'ann' });
  const { run } = json as { run: string };
  expect((await ask('run', { run })).json).toMatchObject({
    silent: expect.stringContaining('No worker answers') as string,
    run: { status: 'running' },
    progress: { phase: 'starting', kind: 'backup', platform },
  });
  expect((await ask('platform', { platform })).json).toMatchObject({ worker: 'absent' });
  await client.workflow.getHandle(run).terminate();
});

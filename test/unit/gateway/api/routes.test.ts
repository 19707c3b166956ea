import { routeSchemas } from '../../../../api/route-schemas.ts';
import { routes, type RouteName } from '../../../../api/routes.ts';
import { ask, ownPage, useState } from '../access-scene.ts';
import { openApiScene, type ApiScene } from './api-scene.ts';
import { planHash, restoreId } from './fake-desk.ts';
import { fleetRun, waveHash } from './fake-fleets.ts';

useState();

const by = 'ann';
/** What is sent to each route; those that answer without an end, or with no document, are tested elsewhere. */
const requests: Record<Exclude<RouteName, 'events' | 'reportPage' | 'logIn'>, { query?: string; body?: object }> = {
  session: {},
  logOut: {},
  platforms: {},
  platform: {},
  history: { query: '?limit=10' },
  points: { query: '?limit=1' },
  point: {},
  check: { body: { by, volumes: 'quarantine' } },
  startBackup: { body: { by } },
  startRestore: { body: { by, before: '2026-11-21T09:30:00Z', runningBackup: 'wait' } },
  startRebuild: { body: { by, store: 'jobs', removeExtra: true } },
  startPrune: { body: { by } },
  startScrub: { body: { by, extent: 'all' } },
  startDrill: { body: { by, point: 'latest' } },
  pin: { body: { by } },
  unpin: { body: { by, all: true } },
  acceptPoint: { body: { by, reason: 'the old jobs were deleted on purpose' } },
  runs: { query: '?platform=nuvla&limit=5' },
  run: { query: '?waiting=for%20approval' },
  report: {},
  approve: { body: { by, planHash, platform: 'nuvla' } },
  reject: { body: { by, reason: 'false alarm' } },
  decide: { body: { by, choice: 'retry' } },
  cancel: { body: { by } },
  quarantines: { query: '?platform=nuvla' },
  rollback: { body: { by } },
  release: { body: { by } },
  fleets: {},
  fleet: {},
  approveWave: { body: { by, planHash: waveHash, fleet: 'shops' } },
  pauseFleet: { body: { by, reason: 'the bucket is slow' } },
  resumeFleet: { body: { by } },
  stopFleet: { body: { by, reason: 'enough' } },
  incidents: {},
  incident: {},
  audit: { query: '?limit=5' },
  openApi: {},
};

async function send(scene: ApiScene, name: keyof typeof requests, values: Record<string, string>) {
  const { method, path } = routes[name];
  const { query = '', body } = requests[name];
  const url = path.replace(/\{(\w+)\}/g, (_, parameter: string) => encodeURIComponent(values[parameter] ?? ''));
  return ask(scene, url + query, { method, headers: ownPage, ...(body && { body }) });
}

test('every route answers, with a document as its schema has it', async () => {
  const scene = await openApiScene();
  const older = await scene.catalogue.passes(7200);
  const point = await scene.catalogue.passes(600);
  const at = new Date().toISOString();
  await scene.catalogue.catalogue.mark(older, 'suspect', { at, run: 'backup/nuvla/1', note: 'half of it is gone' });
  const values = { platform: 'nuvla', run: restoreId, incident: '0123456789abcdef', fleet: 'shops' };
  const answers: Record<string, unknown> = {};
  for (const name of Object.keys(requests) as (keyof typeof requests)[]) {
    const run = name === 'report' ? 'backup/nuvla/1' : restoreId;
    const wanted = name === 'acceptPoint' ? older : point;
    const { status, text, json } = await send(scene, name, { ...values, run, point: wanted });
    expect([name, status, text]).toEqual([name, 200, expect.anything()]);
    const parsed = routeSchemas[name].answer.safeParse(json);
    expect([name, parsed.error?.issues ?? []]).toEqual([name, []]);
    // Strict: a field that the schema does not know would be gone.
    expect([name, parsed.data]).toEqual([name, json]);
    answers[name] = json;
  }
  expect(answers).toMatchObject({
    session: { warnings: [{ message: "The incidents' file cannot be used" }] },
    platforms: [
      {
        platform: 'nuvla',
        state: 'good',
        newestGood: { id: point },
        suspectPoints: 1,
        worker: 'working',
        incidents: 1,
        nextBackupAt: '2026-11-21T10:00:00.000Z',
        recoveryPointObjectiveSeconds: 3600,
      },
    ],
    platform: { host: 'machine', approval: { required: true, approvers: ['ann'], needed: 1 } },
    history: [
      { recoveryPoint: point, totalBytes: 9_561_341 },
      { recoveryPoint: older, suspect: true },
    ],
    points: { points: [{ id: point }], next: point },
    point: {
      summary: { id: point },
      manifest: { id: point, stores: [{ store: 'documents' }] },
      markers: [],
      indices: { documents: [{ name: 'nuvla-job', aliases: ['jobs'] }] },
    },
    startRestore: { run: 'restore/nuvla/2026-11-21T09:31:00Z' },
    pin: { point, by, changed: true },
    unpin: { point, unpinned: ['person/ann'] },
    acceptPoint: { point: older, suspectFor: 'half of it is gone', changed: true },
    run: { run: { id: restoreId }, plan: { hash: planHash }, cutOff: false },
    approve: { run: restoreId, answer: 'approve: done' },
    fleets: [
      {
        fleet: 'shops',
        standing: {
          value: {
            phase: 'waiting for approval',
            wave: { number: 2, of: 3 },
            platforms: 5,
            counts: { passed: 1, waiting: 2, running: 1, failed: 1 },
          },
        },
      },
      { fleet: 'silent', standing: { trouble: { kind: 'RunFailed' } } },
    ],
    fleet: { progress: { fleet: 'shops', waveHash }, phases: { [fleetRun]: 'planning' } },
    approveWave: { answer: 'approve: done' },
    incidents: [{ id: '0123456789abcdef', phase: 'proposing' }],
    openApi: { openapi: '3.1.0' },
  });
});

test('each action stands in the audit log, with who, what, and how it went', async () => {
  const scene = await openApiScene();
  await send(scene, 'approve', { run: restoreId });
  await send(scene, 'reject', { run: restoreId });
  await send(scene, 'startBackup', { platform: 'nowhere' });
  const { json } = await ask(scene, '/api/v1/audit');
  expect(json).toMatchObject([
    {
      action: 'start backup',
      subject: 'nowhere',
      outcome: 'failed',
      text: expect.stringContaining('nowhere') as string,
    },
    { action: 'reject', subject: restoreId, outcome: 'done', text: 'false alarm' },
    { number: 1, action: 'approve', subject: restoreId, outcome: 'done', caller: { name: by, method: 'none' } },
  ]);
});

test('words to a fleet: by whom, with the hash and the name that were given, in the audit log', async () => {
  const scene = await openApiScene();
  for (const name of ['approveWave', 'pauseFleet', 'resumeFleet', 'stopFleet'] as const)
    expect(await send(scene, name, { fleet: 'shops' })).toMatchObject({ status: 200 });
  expect(scene.fleets.journal).toEqual([
    `approve shops {"planHash":"${waveHash}","typed":"shops","by":"ann"}`,
    'pause shops {"by":"ann","reason":"the bucket is slow"}',
    'resume shops {"by":"ann"}',
    'stop shops {"by":"ann","reason":"enough"}',
  ]);
  const { json } = await ask(scene, '/api/v1/audit');
  expect(json).toMatchObject([
    { action: 'stop fleet', subject: 'shops', outcome: 'done', text: 'enough' },
    { action: 'resume fleet' },
    { action: 'pause fleet', caller: { name: by } },
    { action: 'approve wave', subject: 'shops' },
  ]);
  expect(await send(scene, 'pauseFleet', { fleet: 'nowhere' })).toMatchObject({ status: 404 });
});

test('what an action did shows in what is read next, however fresh the last reading is', async () => {
  const scene = await openApiScene();
  const phase = async () => (await send(scene, 'run', { run: restoreId })).json['progress'];
  expect(await phase()).toMatchObject({ phase: 'waiting for approval' });
  scene.desk.progress = { ...scene.desk.progress, phase: 'running' };
  await send(scene, 'approve', { run: restoreId });
  expect(await phase()).toMatchObject({ phase: 'running' });
});

test('a run that no worker answers for, and one that Temporal has forgotten, are told as such', async () => {
  const scene = await openApiScene();
  scene.desk.look = () => Promise.resolve({ pending: [], silent: 'no worker', cutOff: false });
  const silent = await ask(scene, `/api/v1/runs/${encodeURIComponent(restoreId)}`);
  expect(silent.json).toMatchObject({
    silent: expect.stringContaining('No worker answers') as string,
    progress: { phase: 'waiting for approval' },
  });
  const forgotten = await ask(scene, `/api/v1/runs/${encodeURIComponent('backup/nuvla/1')}`);
  expect(forgotten.json).toMatchObject({ run: { status: 'forgotten' }, progress: { phase: 'passed' } });
  expect(forgotten.json).not.toHaveProperty('silent');
});

test('the points of the last hours are answered alone; a time that is none is refused by name', async () => {
  const scene = await openApiScene();
  await scene.catalogue.passes(7200);
  const point = await scene.catalogue.passes(600);
  const since = (value: string) => ask(scene, `/api/v1/platforms/nuvla/points?since=${value}`);
  const { json } = await since(new Date(Date.now() - 3_600_000).toISOString());
  expect(json).toMatchObject({ points: [{ id: point }] });
  expect((json as { points: unknown[] }).points).toHaveLength(1);
  expect(await since('yesterday')).toMatchObject({ status: 400, text: expect.stringContaining('since') as string });
});

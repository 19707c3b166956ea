import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reportKey } from '../../../domain/recovery-points/catalogue-keys.ts';
import { directoryStorage } from '../../../systems/object-storage/directory.ts';
import { samplesOf } from './samples.ts';
import { expecting } from '../../expecting.ts';
import {
  useGateway,
  folder,
  gateway,
  startAt,
  writePlatform,
  s3,
  get,
  eventually,
  silentServer,
} from './gateway-scene.ts';

useGateway();

// cspell:ignore nuvlo

describe('status', () => {
  test('one platform: its page at /, /status and its own path; 503 once a backup fails, 200 once one passes', async () => {
    const written = await writePlatform('nuvla', { objectives: { recoveryPointMinutes: 60 } });
    const id = await written.passes(600);
    await startAt();
    const front = await get('/');
    expect(front).toMatchObject({ status: 200, type: 'application/json; charset=utf-8' });
    expect(front.json).toMatchObject({
      Running: {},
      Last: { Exit_status: 0, Stderr: '', Pid: 0 },
      Schedule: '30 * * * *',
      Rekindle: { state: 'good', newestGood: { id, documents: 23_000 }, temporal: { reachable: false } },
    });
    expect(front.text).toMatch(/^\{\n {2}"Running"/);
    expect(await get('/status')).toMatchObject({
      status: 200,
      json: { platforms: { nuvla: { Rekindle: { state: 'good' } } } },
    });
    expect(await get('/status/nuvla')).toMatchObject({ status: 200, json: { Rekindle: { platform: 'nuvla' } } });

    await written.fails(1, {
      kind: 'SnapshotPartial',
      message: 'shard 2 of nuvla-job is missing',
      remedy: 'Repair it',
    });
    for (const path of ['/', '/status', '/status/nuvla'])
      expecting(await eventually(path, 503), path).toMatchObject({
        status: 503,
        json: { [path === '/status' ? 'Schedule' : 'Last']: expect.anything() as unknown },
      });
    expect((await get('/')).json).toMatchObject({
      Last: { Exit_status: 1, Stderr: 'SnapshotPartial: shard 2 of nuvla-job is missing\n→ Repair it\n' },
      Rekindle: { state: 'failed', remedy: 'Repair it' },
    });

    await written.passes(0);
    expect(await eventually('/', 200)).toMatchObject({ status: 200, json: { Last: { Exit_status: 0 } } });
  });

  test('a damaged report and foreign files only cost details', async () => {
    const written = await writePlatform('nuvla');
    await written.passes(600);
    await written.fails(1, { kind: 'SnapshotPartial', message: 'm', remedy: 'r' });
    const torn = new TextEncoder().encode('{"failure": {"mess');
    const storage = directoryStorage(join(folder, 'catalogue'));
    for (const run of await written.catalogue.listReports()) await storage.put(reportKey('nuvla', run), torn);
    await storage.put('nuvla/outcomes/readme.txt', torn);
    await storage.put('nuvla/points/manifest~what', torn);
    await startAt();
    expect(await get('/')).toMatchObject({
      status: 503,
      json: {
        Last: {
          Exit_status: 1,
          Stderr: expect.stringMatching(/^SnapshotPartial: backup.* ended as failed\n$/) as string,
        },
        Rekindle: { state: 'failed', recoveryPoints: 1 },
      },
    });
  });

  test('older than the objective: 503, though the last backup passed', async () => {
    const written = await writePlatform('nuvla', { objectives: { recoveryPointMinutes: 60 } });
    await written.passes(3700);
    await startAt();
    expect(await get('/')).toMatchObject({
      status: 503,
      json: { Last: { Exit_status: 0 }, Rekindle: { state: 'stale', objectiveSeconds: 3600 } },
    });
    expect(await get('/status/nuvla')).toMatchObject({ status: 503 });
  });

  test('several platforms: a failing one is shown and hides no other', async () => {
    await (await writePlatform('well')).passes(60);
    await writePlatform('empty');
    await writePlatform('away', s3('http://127.0.0.1:1'));
    await writeFile(join(folder, 'broken.yaml'), 'platform: [');
    await writePlatform('lacks', {
      catalogue: { ...s3('http://127.0.0.1:1').catalogue, accessKey: { env: 'NOT_SET_ANYWHERE' } },
    });
    await startAt();
    const all = await get('/status');
    expect(all.status).toBe(503);
    const { platforms, ...top } = all.json as {
      platforms: Record<string, { Rekindle: { state: string; reason?: string } }>;
    };
    expect(Object.keys(top)).toEqual(['Running', 'Last', 'Schedule', 'Rekindle']);
    const states = Object.fromEntries(Object.entries(platforms).map(([name, { Rekindle }]) => [name, Rekindle.state]));
    expect(states).toEqual({ away: 'unknown', broken: 'unknown', empty: 'none', lacks: 'unknown', well: 'good' });
    expect(platforms['away']?.Rekindle.reason).toMatch(/127\.0\.0\.1:1.*ECONNREFUSED|ECONNREFUSED.*127\.0\.0\.1:1/);
    expect(platforms['broken']?.Rekindle.reason).toMatch(/broken\.yaml is not a platform file/);
    expect(platforms['lacks']?.Rekindle.reason).toMatch(/NOT_SET_ANYWHERE is not set/);
    expect(await get('/')).toMatchObject({
      status: 503,
      json: { platforms: { well: { Rekindle: { state: 'good' } } } },
    });
    expect(await get('/status/well')).toMatchObject({ status: 200 });
    expect(await get('/status/away')).toMatchObject({ status: 503 });
    expect(await get('/status/lacks')).toMatchObject({ status: 503 });
  });

  test('a catalogue that never answers: reported within 6 s, the others meanwhile', async () => {
    const { endpoint } = await silentServer();
    await (await writePlatform('well')).passes(60);
    for (const name of ['silent-1', 'silent-2', 'silent-3']) await writePlatform(name, s3(endpoint));
    await startAt();
    const [all, well, metrics] = await Promise.all([get('/status'), get('/status/well'), get('/metrics')]);
    for (const answer of [all, well, metrics]) expect(answer.seconds).toBeLessThan(6);
    expect(all.json).toMatchObject({ platforms: { 'silent-2': { Rekindle: { state: 'unknown' } } } });
    expect(all.text).toContain('The catalogue of silent-2 did not answer within 4 s');
    expect(well.status).toBe(200);
    const samples = samplesOf(metrics.text);
    expect(samples.get('rekindle_catalogue_reachable{platform="silent-1"}')).toBe(0);
    expect(samples.get('rekindle_catalogue_reachable{platform="well"}')).toBe(1);
  });

  test('an unknown platform: 404 with what to do; any other path as well', async () => {
    await writePlatform('nuvla');
    await startAt();
    expect(await get('/status/nuvlo')).toMatchObject({
      status: 404,
      json: {
        failure: { kind: 'UnknownPlatform', remedy: expect.stringContaining('did you mean "nuvla"?') as string },
      },
    });
    for (const path of ['/status/..%2Fsecret', '/status/%00', '/backup', '/status/nuvla/x'])
      expecting(await get(path), path).toMatchObject({ status: 404 });
    const posted = await fetch(`${gateway.url}/status`, { method: 'POST', body: '{' });
    expect(posted.status).toBe(404);
  });

  test('no platform file, no folder: 503 with the keys that monitors read, and the process lives', async () => {
    await startAt();
    const keys = { Running: {}, Last: { Exit_status: 0 }, Schedule: '' };
    expect(await get('/')).toMatchObject({ status: 503, json: keys });
    expect(await get('/readyz')).toMatchObject({ json: { checks: { platforms: { ok: true } } } });
    await rm(folder, { recursive: true });
    expect(await get('/status')).toMatchObject({ status: 503, json: { ...keys, Rekindle: { state: 'unknown' } } });
    expect((await get('/status')).text).toContain('REKINDLE_PLATFORMS');
    expect(await get('/healthz')).toMatchObject({ status: 200, json: { status: 'ok' } });
    expect(await get('/readyz')).toMatchObject({
      status: 503,
      json: {
        ready: false,
        checks: {
          temporal: { ok: false, reason: expect.stringContaining('127.0.0.1:1') as string },
          platforms: { ok: false, reason: expect.stringContaining('ENOENT') as string },
        },
      },
    });
    expect(samplesOf((await get('/metrics')).text).get('rekindle_platforms_folder_readable')).toBe(0);
  });

  test('a platform file that is fixed or removed is seen without a restart', async () => {
    await writeFile(join(folder, 'nuvla.yaml'), 'platform: nuvla\ncatalog: {}\n');
    await startAt();
    expect(await get('/status/nuvla')).toMatchObject({ status: 503, json: { Rekindle: { state: 'unknown' } } });
    await (await writePlatform('nuvla')).passes(60);
    expect(await eventually('/status/nuvla', 200)).toMatchObject({ status: 200 });
    await rm(join(folder, 'nuvla.yaml'));
    expect(await eventually('/status/nuvla', 404)).toMatchObject({ status: 404 });
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { openPlatform } from '../../../operations/open-platform.ts';
import { readEnvironment } from '../../../config/environment.ts';
import { startGateway, type Gateway } from '../../../gateway/gateway.ts';
import { reportKey } from '../../../domain/recovery-points/catalogue-keys.ts';
import { connectDocker } from '../../../systems/docker/engine.ts';
import { directoryStorage } from '../../../systems/object-storage/directory.ts';
import { findSecrets } from '../../secret-search.ts';
import { writtenCatalogue, type WrittenCatalogue } from './catalogue.ts';
import { samplesOf } from './samples.ts';
import { expecting } from '../../expecting.ts';
import { waitFor } from '../../wait-for.ts';

// cspell:ignore nuvlo

// The gateway over real HTTP and catalogues in directories; nothing answers where Temporal should be.

let folder: string;
let undo: (() => Promise<unknown>)[];
let gateway: Gateway;

beforeEach(async () => {
  undo = [];
  folder = await mkdtemp(join(tmpdir(), 'rkt-gateway-'));
  undo.push(() => rm(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const step of undo.toReversed()) await step();
});

async function startAt(address = '127.0.0.1:0', platforms = folder): Promise<Gateway> {
  const environment = readEnvironment({
    REKINDLE_PLATFORMS: platforms,
    REKINDLE_GATEWAY_ADDRESS: address,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    S3_SECRET: secret,
  });
  const started = await startGateway({
    environment,
    version: '0.0.0-test',
    openCatalogue: async (name) => (await openPlatform({ environment, docker: connectDocker() }, name)).catalogue,
  });
  undo.push(() => started.close());
  return started;
}

const secret = 'a secret of the test';

async function writePlatform(name: string, more: object = {}): Promise<WrittenCatalogue> {
  const repository = { name: 's3_backup', type: 's3' };
  const content = {
    platform: name,
    deployment: { kind: 'compose', project: name, data: ['elasticsearch'] },
    stores: [{ name: 'documents', kind: 'elasticsearch', service: 'elasticsearch', repository }],
    catalogue: { kind: 'directory', path: join(folder, 'catalogue') },
    backup: { schedule: '30 * * * *' },
    ...more,
  };
  await writeFile(join(folder, `${name}.yaml`), stringify(content));
  return writtenCatalogue(join(folder, 'catalogue'), name);
}

const s3 = (endpoint: string) => ({
  catalogue: {
    kind: 's3',
    bucket: 'nowhere',
    endpoint,
    accessKey: { env: 'S3_SECRET' },
    secretKey: { env: 'S3_SECRET' },
  },
});

async function get(
  path: string,
): Promise<{ status: number; type: string; text: string; json: unknown; seconds: number }> {
  const began = Date.now();
  const answer = await fetch(gateway.url + path);
  const text = await answer.text();
  const type = answer.headers.get('content-type') ?? '';
  const json: unknown = type.startsWith('application/json') ? JSON.parse(text) : undefined;
  return { status: answer.status, type, text, json, seconds: (Date.now() - began) / 1000 };
}

/** What is seen within some seconds is given again: asks until it is another. */
async function eventually(path: string, status: number): Promise<Awaited<ReturnType<typeof get>>> {
  const until = Date.now() + 15_000;
  for (;;) {
    const answer = await get(path);
    if (answer.status === status || Date.now() > until) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe('status', () => {
  test('one platform: its page at /, /status and its own path; 503 once a backup fails, 200 once one passes', async () => {
    const written = await writePlatform('nuvla', { objectives: { recoveryPointMinutes: 60 } });
    const id = await written.passes(600);
    gateway = await startAt();
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

    await written.fails(1, { kind: 'SnapshotPartial', message: 'shard 2 of nuvla-job is missing', remedy: 'mend it' });
    for (const path of ['/', '/status', '/status/nuvla'])
      expecting(await eventually(path, 503), path).toMatchObject({
        status: 503,
        json: { [path === '/status' ? 'Schedule' : 'Last']: expect.anything() as unknown },
      });
    expect((await get('/')).json).toMatchObject({
      Last: { Exit_status: 1, Stderr: 'SnapshotPartial: shard 2 of nuvla-job is missing\n→ mend it\n' },
      Rekindle: { state: 'failed', remedy: 'mend it' },
    });

    await written.passes(0);
    expect(await eventually('/', 200)).toMatchObject({ status: 200, json: { Last: { Exit_status: 0 } } });
  });

  test('a torn report and foreign files take words away, and nothing else', async () => {
    const written = await writePlatform('nuvla');
    await written.passes(600);
    await written.fails(1, { kind: 'SnapshotPartial', message: 'm', remedy: 'r' });
    const torn = new TextEncoder().encode('{"failure": {"mess');
    const storage = directoryStorage(join(folder, 'catalogue'));
    for (const run of await written.catalogue.listReports()) await storage.put(reportKey('nuvla', run), torn);
    await storage.put('nuvla/outcomes/readme.txt', torn);
    await storage.put('nuvla/points/manifest~what', torn);
    gateway = await startAt();
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
    gateway = await startAt();
    expect(await get('/')).toMatchObject({
      status: 503,
      json: { Last: { Exit_status: 0 }, Rekindle: { state: 'stale', objectiveSeconds: 3600 } },
    });
    expect(await get('/status/nuvla')).toMatchObject({ status: 503 });
  });

  test("several platforms: one's trouble is shown and hides no other", async () => {
    await (await writePlatform('well')).passes(60);
    await writePlatform('empty');
    await writePlatform('away', s3('http://127.0.0.1:1'));
    await writeFile(join(folder, 'broken.yaml'), 'platform: [');
    await writePlatform('lacks', {
      catalogue: { ...s3('http://127.0.0.1:1').catalogue, accessKey: { env: 'NOT_SET_ANYWHERE' } },
    });
    gateway = await startAt();
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

  test('a catalogue that never answers: told within 6 s, and the others meanwhile', async () => {
    const { endpoint } = await silentServer();
    await (await writePlatform('well')).passes(60);
    for (const name of ['silent-1', 'silent-2', 'silent-3']) await writePlatform(name, s3(endpoint));
    gateway = await startAt();
    const [all, well, metrics] = await Promise.all([get('/status'), get('/status/well'), get('/metrics')]);
    for (const answer of [all, well, metrics]) expect(answer.seconds).toBeLessThan(6);
    expect(all.json).toMatchObject({ platforms: { 'silent-2': { Rekindle: { state: 'unknown' } } } });
    expect(all.text).toContain('the catalogue of silent-2 gave no answer within 4 s');
    expect(well.status).toBe(200);
    const samples = samplesOf(metrics.text);
    expect(samples.get('rekindle_catalogue_reachable{platform="silent-1"}')).toBe(0);
    expect(samples.get('rekindle_catalogue_reachable{platform="well"}')).toBe(1);
  });

  test('an unknown platform: 404 with what to do; any other path as well', async () => {
    await writePlatform('nuvla');
    gateway = await startAt();
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
    gateway = await startAt();
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

  test('a platform file that is mended or removed is seen without a restart', async () => {
    await writeFile(join(folder, 'nuvla.yaml'), 'platform: nuvla\ncatalog: {}\n');
    gateway = await startAt();
    expect(await get('/status/nuvla')).toMatchObject({ status: 503, json: { Rekindle: { state: 'unknown' } } });
    await (await writePlatform('nuvla')).passes(60);
    expect(await eventually('/status/nuvla', 200)).toMatchObject({ status: 200 });
    await rm(join(folder, 'nuvla.yaml'));
    expect(await eventually('/status/nuvla', 404)).toMatchObject({ status: 404 });
  });
});

describe('metrics', () => {
  test('tell what the catalogue holds, and count each run once', async () => {
    const written = await writePlatform('nuvla', { objectives: { recoveryPointMinutes: 60, recoveryTimeMinutes: 30 } });
    const proven = await written.passes(7200);
    await written.catalogue.mark(proven, 'proven', { at: '2026-11-21T09:00:00.000Z', run: 'restore/nuvla/1' });
    await written.passes(600);
    await written.fails(60, { kind: 'SnapshotPartial', message: 'm', remedy: 'r' });
    await written.outcome({ run: 'restore/nuvla/1', kind: 'restore', durationSeconds: 23 });
    gateway = await startAt();
    const answer = await get('/metrics');
    expect(answer).toMatchObject({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
    const samples = samplesOf(answer.text);
    const nuvla = (name: string, labels = '') => samples.get(`rekindle_${name}{platform="nuvla"${labels}}`);
    expect(nuvla('platform_healthy')).toBe(0);
    expect(nuvla('platform_file_valid')).toBe(1);
    expect(nuvla('newest_good_recovery_point_age_seconds')).toBeGreaterThanOrEqual(599);
    expect(nuvla('newest_good_recovery_point_age_seconds')).toBeLessThan(640);
    expect(nuvla('newest_proven_recovery_point_age_seconds')).toBeGreaterThanOrEqual(7199);
    expect(nuvla('newest_good_recovery_point_bytes')).toBe(9_561_341);
    expect(nuvla('newest_good_recovery_point_incremental_bytes')).toBe(1234);
    expect(nuvla('newest_good_recovery_point_documents')).toBe(23_000);
    expect(nuvla('newest_good_recovery_point_duration_seconds')).toBe(2);
    expect(nuvla('last_proof_timestamp_seconds')).toBe(Date.parse('2026-11-21T09:00:00Z') / 1000);
    expect(nuvla('recovery_points', ',state="good"')).toBe(2);
    expect(nuvla('recovery_points_proven')).toBe(1);
    expect(nuvla('recovery_point_objective_seconds')).toBe(3600);
    expect(nuvla('recovery_time_objective_seconds')).toBe(1800);
    expect(nuvla('last_backup_successful')).toBe(0);
    expect(nuvla('runs_total', ',kind="backup",outcome="passed"')).toBe(2);
    expect(nuvla('runs_total', ',kind="backup",outcome="failed"')).toBe(1);
    expect(nuvla('runs_total', ',kind="backup",outcome="refused"')).toBe(0);
    expect(nuvla('runs_total', ',kind="restore",outcome="passed"')).toBe(1);
    expect(nuvla('failures_total', ',kind="backup",failure="SnapshotPartial"')).toBe(1);
    expect(samples.get('rekindle_run_duration_seconds_sum{platform="nuvla",kind="restore"}')).toBe(23);
    expect(samples.get('rekindle_temporal_reachable')).toBe(0);
    expect(samples.get(`rekindle_build_info{version="0.0.0-test",node="${process.version}"}`)).toBe(1);
    expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1e7);

    // Seen again, also after the platform file was written anew, nothing is counted twice; a late one is not missed.
    await writePlatform('nuvla', { objectives: { recoveryPointMinutes: 120 } });
    await written.outcome({
      run: 'backup/nuvla/late',
      phase: 'refused',
      failure: 'PreflightRefused',
      finishedAt: new Date(Date.now() - 3600_000).toISOString(),
    });
    await waitFor(
      async () =>
        expect(
          samplesOf((await get('/metrics')).text).get(
            'rekindle_failures_total{platform="nuvla",kind="backup",failure="PreflightRefused"}',
          ),
        ).toBe(1),
      { timeout: 10_000 },
    );
    const later = samplesOf((await get('/metrics')).text);
    for (const [name, value] of samples)
      if (/^rekindle_(runs|failures)_total/.test(name))
        expecting(later.get(name), name).toBe(name.includes('refused') ? 1 : value);
    expect(later.get('rekindle_recovery_point_objective_seconds{platform="nuvla"}')).toBe(7200);
  });

  test('keep to the rules of Prometheus: each name with HELP and TYPE, once, units in names, counters end in _total', async () => {
    await (await writePlatform('nuvla')).passes(60);
    await (await writePlatform('other')).passes(60);
    gateway = await startAt();
    const { text } = await get('/metrics');
    const lines = text.split('\n');
    const helped = lines.flatMap((line) => /^# HELP (\S+) \S/.exec(line)?.[1] ?? []);
    const typed = lines.flatMap((line) => /^# TYPE (\S+) (\S+)$/.exec(line)?.slice(1, 3).join(' ') ?? []);
    expect(new Set(helped).size).toBe(helped.length);
    expect(typed.map((line) => line.split(' ')[0])).toEqual(helped);
    for (const line of typed) {
      const [name = '', type] = line.split(' ');
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      if (name.startsWith('rekindle_')) expect(name.endsWith('_total')).toBe(type === 'counter');
    }
    // Two identical series would make Prometheus refuse the whole page.
    const series = lines
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.replace(/ \S+$/, ''));
    expect(new Set(series).size).toBe(series.length);
  });

  test('what is not known has no value', async () => {
    await writePlatform('away', s3('http://127.0.0.1:1'));
    await writeFile(join(folder, 'broken.yaml'), 'platform: [');
    gateway = await startAt();
    const samples = samplesOf((await get('/metrics')).text);
    expect(samples.get('rekindle_catalogue_reachable{platform="away"}')).toBe(0);
    expect(samples.get('rekindle_platform_file_valid{platform="broken"}')).toBe(0);
    expect(samples.has('rekindle_catalogue_reachable{platform="broken"}')).toBe(false);
    expect([...samples.keys()].filter((name) => /newest|last_backup|recovery_points/.test(name))).toEqual([]);
  });
});

test('no answer holds a secret, however the failure quotes it', async () => {
  // The endpoint is not a secret's place, but people put them there.
  await writePlatform('leaky', s3(`http://user:${encodeURIComponent(secret)}@127.0.0.1:1`));
  const written = await writePlatform('told');
  await written.fails(1, { kind: 'WrongCredentials', message: `S3 refused ${secret}`, remedy: `not ${secret}` });
  gateway = await startAt();
  const written_ = [];
  for (const path of ['/status', '/status/leaky', '/status/told', '/', '/metrics', '/readyz', '/healthz'])
    written_.push({ where: path, text: (await get(path)).text });
  expect(written_[0]?.text).toContain('S3 refused [secret]');
  expect(findSecrets(written_, { secret })).toEqual([]);
});

describe('the address', () => {
  test('that is taken is refused with what to do; the one that is there goes on', async () => {
    gateway = await startAt();
    const taken = gateway.url.replace('http://', '');
    await expect(startAt(taken)).rejects.toMatchObject({
      kind: 'InvalidArgument',
      message: `the gateway cannot listen on ${taken}: another program already listens there (EADDRINUSE)`,
      remedy: expect.stringContaining('REKINDLE_GATEWAY_ADDRESS') as string,
    });
    expect((await get('/healthz')).status).toBe(200);
  });

  test('that is none is refused', async () => {
    await expect(startAt('18080')).rejects.toMatchObject({
      kind: 'InvalidArgument',
      message: 'REKINDLE_GATEWAY_ADDRESS "18080" is not <host>:<port>',
    });
  });

  test('IPv6 is one', async () => {
    gateway = await startAt('[::1]:0');
    expect(gateway.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await get('/healthz')).status).toBe(200);
  });
});

/** Takes connections, and says nothing. */
async function silentServer(): Promise<{ endpoint: string }> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const sockets = new Set<{ destroy: () => void }>();
  server.on('connection', (socket) => sockets.add(socket));
  undo.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { listPlatforms, loadPlatform } from '../../../config/platform-file.ts';
import { platformJsonSchema } from '../../../config/platform-schema.ts';
import { least, changed, parse, failureOf } from './platform-file-samples.ts';

// cspell:ignore nuvl

describe('a good file', () => {
  test('may name one service of a store, or one for each of its servers', () => {
    const { stores } = parse(changed(['stores', 0, 'service'], ['elasticsearch', 'zookeeper']));
    expect(stores).toMatchObject([
      { service: 'elasticsearch', otherServices: ['zookeeper'] },
      { service: 'zookeeper', otherServices: [] },
    ]);
  });

  test('may name services of other Compose projects', () => {
    const { deployment } = parse(changed(['deployment', 'alsoStop'], ['tools/grafana']));
    expect(deployment.alsoStop).toEqual(['tools/grafana']);
  });

  test('gets the defaults that the reference promises', () => {
    const platform = parse(stringify(least));
    expect(platform.restore).toEqual({
      approval: 'required',
      approvers: [],
      approvalsNeeded: 1,
      authenticated: false,
      approvalTimeoutSeconds: 86_400,
      volumes: 'quarantine',
      runningBackup: 'wait',
      quarantineHours: 72,
      outageSeconds: 300,
    });
    expect(platform.drill).toEqual({ core: [], processors: 1 });
    expect(platform.deployment).toMatchObject({ alsoStop: [], stopGraceSeconds: 30, healthTimeoutSeconds: 120 });
    expect(platform.stores[0]).toMatchObject({ port: 9200, scheme: 'http', indices: ['*'], samplesPerIndex: 20 });
    expect(platform.stores[1]).toMatchObject({ port: 2181, path: '/job', defaultPriority: 100 });
    expect(platform.smoke).toEqual([]);
  });

  test('may write settings as numbers or truths: Elasticsearch gets texts', () => {
    expect(parse(stringify(least)).stores[0]).toMatchObject({ repository: { settings: { readonly: 'true' } } });
  });

  test("a queue's defaults are Nuvla's rules and kazoo's entries", () => {
    expect(parse(stringify(least)).stores[1]).toMatchObject({
      entry: { folder: 'entries', locks: 'taken', name: 'entry-{priority}-', value: '{id}' },
      from: {
        state: { field: 'state', waiting: ['QUEUED'], running: ['RUNNING'] },
        leaveOut: {
          'pulled by agents': { 'execution-mode': ['pull'] },
          'running parents of bulk jobs': { state: ['RUNNING'], tags: ['monitor'] },
        },
        order: ['created', 'id'],
      },
      running: 'requeue',
      acl: ['world:anyone:cdrwa'],
    });
    const one = changed(['stores', 1, 'from', 'leaveOut'], { held: { hold: 'true' } });
    expect(parse(one).stores[1]).toMatchObject({ from: { leaveOut: { held: { hold: ['true'] } } } });
  });

  test('a schedule as a text is one with the defaults of the rest', () => {
    const rest = { timeZone: 'UTC', jitterSeconds: 0, catchUpSeconds: 86_400 };
    expect(parse(changed(['backup'], { schedule: '30 * * * *' })).backup.schedule).toEqual({
      cron: '30 * * * *',
      ...rest,
    });
    expect(parse(changed(['backup'], { schedule: { everySeconds: 60 } })).backup.schedule).toEqual({
      everySeconds: 60,
      offsetSeconds: 0,
      ...rest,
    });
    const zoned = { cron: '0 3 * * *', timeZone: 'Europe/Zurich', jitterSeconds: 60, catchUpSeconds: 3600 };
    expect(parse(changed(['backup'], { schedule: zoned })).backup.schedule).toEqual(zoned);
  });

  test('takes ${NAME} from the environment, at any depth, also twice in a text', () => {
    const text = changed(['stores', 0, 'repository', 'settings', 'bucket'], '${SITE}-${SITE}-snapshots');
    expect(parse(text, { SITE: 'geneva' }).stores[0]).toMatchObject({
      repository: { settings: { bucket: 'geneva-geneva-snapshots' } },
    });
  });
});

describe('the folder of platform files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rekindle-platforms-'));
    await writeFile(join(folder, 'demo.yaml'), stringify(least));
    await writeFile(join(folder, 'nuvla.yml'), stringify({ ...least, platform: 'nuvla' }));
    await writeFile(join(folder, 'renamed.yaml'), stringify(least));
    await writeFile(join(folder, 'README.md'), 'not a platform');
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('lists the platforms by name', async () => {
    expect(await listPlatforms(folder)).toEqual(['demo', 'nuvla', 'renamed']);
    expect(await listPlatforms(join(folder, 'nowhere'))).toEqual([]);
  });

  test('reads either ending; the hash follows the text', async () => {
    const { platform, fileHash } = await loadPlatform(folder, 'nuvla', {});
    expect(platform.platform).toBe('nuvla');
    expect(fileHash).toMatch(/^[0-9a-f]{64}$/);
    expect(fileHash).not.toBe((await loadPlatform(folder, 'demo', {})).fileHash);
  });

  test('an unknown platform is reported with the nearest name and all known ones', async () => {
    await expect(loadPlatform(folder, 'nuvl', {})).rejects.toMatchObject({
      kind: 'UnknownPlatform',
      remedy: 'did you mean "nuvla"? known platforms: demo, nuvla, renamed',
    });
    await expect(loadPlatform(folder, 'something-else', {})).rejects.toMatchObject({
      remedy: 'known platforms: demo, nuvla, renamed',
    });
    await expect(loadPlatform(join(folder, 'nowhere'), 'demo', {})).rejects.toMatchObject({
      kind: 'UnknownPlatform',
      remedy: expect.stringContaining('REKINDLE_PLATFORMS') as string,
    });
  });

  test('a name that leads out of the folder is unknown', async () => {
    await expect(loadPlatform(folder, '../demo', {})).rejects.toMatchObject({ kind: 'UnknownPlatform' });
  });

  test('a file that names another platform is refused', async () => {
    await expect(loadPlatform(folder, 'renamed', {})).rejects.toMatchObject({
      kind: 'InvalidPlatformFile',
      message: expect.stringContaining('names the platform "demo"') as string,
    });
  });
});

test('how much an index may shrink: one number for all, or by pattern beside the default', () => {
  const given = (backup: object) => parse(changed(['backup'], backup)).backup.mayShrinkPercent;
  expect(given({})).toEqual({ '*': 20 });
  expect(given({ mayShrinkPercent: 0 })).toEqual({ '*': 0 });
  expect(given({ mayShrinkPercent: { 'session-*': 100 } })).toEqual({ '*': 20, 'session-*': 100 });
  for (const wrong of [101, -1, 'much', { 'session-*': 120 }])
    expect(() => given({ mayShrinkPercent: wrong })).toThrow(/backup\.mayShrinkPercent/);
});

test('every number has a highest that a person could mean', () => {
  const unlimited: string[] = [];
  const visit = (schema: unknown, place: string): void => {
    if (schema === null || typeof schema !== 'object') return;
    const { type, maximum } = schema as { type?: unknown; maximum?: unknown };
    // What is put into a job's document is its owner's matter.
    if ((type === 'number' || type === 'integer') && !(Number(maximum) <= 1e8) && !place.includes('failedFields'))
      unlimited.push(place);
    for (const [key, inner] of Object.entries(schema)) visit(inner, `${place}/${key}`);
  };
  visit(platformJsonSchema(), '');
  expect(unlimited).toEqual([]);
});

test('docs/platform.schema.json is up to date (`npm run schema` prints it)', async () => {
  const printed: unknown = JSON.parse(
    await readFile(new URL('../../../docs/platform.schema.json', import.meta.url), 'utf8'),
  );
  expect(printed).toEqual(platformJsonSchema());
});

describe('retention', () => {
  const faultOf = (retention: object) => failureOf(() => parse(changed(['backup'], { retention }))).message;

  test.each([
    ['no tier and no age', {}, /backup\.retention: every tier is 0 .* only the newest 3 would stay; .* to keep all/],
    [
      'an age below a tier',
      { daily: 14, maximumAgeDays: 7 },
      /backup\.retention\.maximumAgeDays: 7 days remove what "daily: 14" asks for, .* raise maximumAgeDays to 14 or lower daily to 7/,
    ],
    [
      'an age below the hours',
      { hourly: 48, maximumAgeDays: 1 },
      /"hourly: 48" .* raise maximumAgeDays to 2 or lower hourly to 24/,
    ],
    ['an age below two tiers', { weekly: 8, monthly: 12, maximumAgeDays: 30 }, /"weekly: 8" .*\n.*"monthly: 12"/s],
    ['nothing to keep', { daily: 7, minimumCount: 0 }, /backup\.retention\.minimumCount/],
    ['half a day', { daily: 1.5 }, /backup\.retention\.daily/],
  ])('%s is refused, with its place and what to write', (_, retention, message) => {
    expect(faultOf(retention)).toMatch(message);
  });

  test.each([
    ['tiers', { hourly: 48, daily: 14, monthly: 12 }],
    ['an age alone', { maximumAgeDays: 30 }],
    ['a year of months in a year', { monthly: 12, yearly: 1, maximumAgeDays: 365 }],
  ])('%s is accepted', (_, retention) => {
    expect(parse(changed(['backup'], { retention })).backup.retention).toMatchObject({ minimumCount: 3, ...retention });
  });
});

test('hooks of backups: a service of the deployment, a name of its own', () => {
  const hook = { name: 'imports', service: 'api', before: ['./ctl', 'pause'] };
  const given = (...hooks: object[]) => parse(changed(['backup'], { hooks })).backup.hooks;
  expect(given(hook)).toEqual([{ ...hook, timeoutSeconds: 60 }]);
  expect(() => given({ ...hook, service: 'nobody' })).toThrow(
    /backup\.hooks.*"nobody" is not a service of deployment/s,
  );
  expect(() => given(hook, hook)).toThrow(/"imports" is the name of another hook already/);
  expect(() => given({ ...hook, before: [] })).toThrow(/backup\.hooks/);
  expect(() => given({ ...hook, before: './ctl pause' })).toThrow(/backup\.hooks/);
});

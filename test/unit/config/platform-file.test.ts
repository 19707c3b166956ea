import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { listPlatforms, loadPlatform, parsePlatform } from '../../../config/platform-file.ts';
import { platformJsonSchema } from '../../../config/platform-schema.ts';
import { Failure } from '../../../domain/failures.ts';

// cspell:ignore crom dayly deploiment nuvl zuerich

/** The least that a platform file must say. */
const least = {
  platform: 'demo',
  deployment: { kind: 'compose', project: 'demo', data: ['elasticsearch', 'zookeeper'], core: ['api'] },
  stores: [
    {
      name: 'documents',
      kind: 'elasticsearch',
      service: 'elasticsearch',
      repository: { name: 'backup', type: 's3', settings: { bucket: 'snapshots', readonly: true } },
    },
    {
      name: 'jobs',
      kind: 'zookeeper-queue',
      service: 'zookeeper',
      from: { store: 'documents', index: 'nuvla-job' },
    },
  ],
  catalogue: { kind: 'directory', path: '/backups' },
} as const;

/** A copy of it with one place changed; `undefined` takes the place away. */
function changed(place: (string | number)[], value: unknown): string {
  const file = structuredClone(least) as unknown;
  let parent = file as Record<string | number, unknown>;
  for (const key of place.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
  const last = place.at(-1) ?? '';
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else parent[last] = value;
  return stringify(file);
}

const parse = (text: string, environment: NodeJS.ProcessEnv = {}) => parsePlatform(text, 'demo.yaml', environment);

function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

describe('a good file', () => {
  test('gets the defaults that the reference promises', () => {
    const platform = parse(stringify(least));
    expect(platform.restore).toEqual({
      approval: 'required',
      approvers: [],
      approvalsNeeded: 1,
      approvalTimeoutSeconds: 86_400,
      volumes: 'quarantine',
      runningBackup: 'wait',
      quarantineHours: 72,
      outageSeconds: 300,
    });
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

describe('bad input is told by path, kind and remedy', () => {
  test.each<[string, (string | number)[], unknown, string[]]>([
    ['an unknown key', ['deploiment'], {}, ['deploiment: unknown key; did you mean "deployment"?']],
    ['an unknown key far inside', ['stores', 0, 'indexes'], [], ['stores[0].indexes', 'did you mean "indices"?']],
    ['an unknown key like none', ['restore'], { zzzzzz: 1 }, ['restore.zzzzzz', 'known keys:', 'approval']],
    ['a text for a number', ['stores', 0, 'port'], 'many', ['stores[0].port', 'found a text']],
    ['a number for a text', ['deployment', 'project'], 7, ['deployment.project', 'found a number', 'a text is wanted']],
    ['a text for a list', ['deployment', 'data'], 'es', ['deployment.data', 'found a text', 'a list is wanted']],
    ['a list for a mapping', ['deployment'], [], ['deployment', 'found a list', 'a mapping is wanted']],
    [
      'a broken number',
      ['deployment', 'stopGraceSeconds'],
      1.5,
      ['deployment.stopGraceSeconds: found 1.5; a whole number'],
    ],
    ['nothing', ['catalogue'], null, ['catalogue', 'found nothing', 'a mapping is wanted']],
    ['a missing key', ['deployment', 'project'], undefined, ['deployment.project: missing', 'a text is wanted']],
    ['a port out of range', ['stores', 0, 'port'], 70_000, ['stores[0].port: found 70000; at most 65535 is wanted']],
    ['no port', ['stores', 0, 'port'], 0, ['stores[0].port: found 0; at least 1 is wanted']],
    ['no hours', ['restore'], { quarantineHours: 0 }, ['restore.quarantineHours: found 0; more than 0 is wanted']],
    ['a wait of years', ['restore'], { outageSeconds: 1e9 }, ['found 1000000000; at most 86400 is wanted']],
    [
      'a time-out too long for a timer',
      ['stores', 0, 'restoreTimeoutSeconds'],
      4e6,
      ['found 4000000; at most 1209600'],
    ],
    ['more than can be counted', ['restore'], { approvalsNeeded: 1e300 }, ['restore.approvalsNeeded: found 1e+300;']],
    [
      'no end',
      ['objectives'],
      { recoveryPointMinutes: Infinity },
      ['objectives.recoveryPointMinutes: found Infinity;'],
    ],
    ['a word that is none of the known', ['restore'], { volumes: 'burn' }, ['restore.volumes', 'quarantine, remove']],
    ['an unknown kind of store', ['stores', 0, 'kind'], 'oracle', ['stores[0]', 'kind']],
    ['a size in words', ['stores', 0, 'restoreThrottle'], 'fast', ['stores[0].restoreThrottle', '2gb']],
    ['a secret instead of a reference', ['stores', 0, 'password'], 'hunter2', ['stores[0].password', '{ env: NAME }']],
    ['a store on no data service', ['stores', 0, 'service'], 'api', ['stores[0].service', 'deployment.data']],
    ['a queue from nowhere', ['stores', 1, 'from', 'store'], 'x', ['stores[1].from.store', '"x"']],
    ['an ensemble of unknown services', ['stores', 1, 'otherServices'], ['zk9'], ['stores[1].otherServices[0]', 'zk9']],
    ['a chroot without a slash', ['stores', 1, 'chroot'], 'nuvla', ['stores[1].chroot', 'must start with "/"']],
    ['a chroot in the address', ['stores', 1, 'address'], 'zk:2181/nuvla', ['stores[1].address', 'chroot']],
    ['a password in the open', ['stores', 1, 'digest'], 'nuvla:hunter2', ['stores[1].digest', '{ env: NAME }']],
    ['an access list in prose', ['stores', 1, 'acl'], ['everybody'], ['stores[1].acl[0]', 'world:anyone:cdrwa']],
    ['an access list of nobody', ['stores', 1, 'acl'], ['auth::cdrwa'], ['stores[1].acl', 'digest']],
    [
      'an unknown fate of running jobs',
      ['stores', 1, 'running'],
      'kill',
      ['stores[1].running', 'requeue, leave, fail'],
    ],
    ['entries among their locks', ['stores', 1, 'entry'], { locks: 'entries' }, ['stores[1].entry.locks', 'folder']],
    ['a name of entries with a path', ['stores', 1, 'entry'], { name: 'a/{priority}' }, ['stores[1].entry.name', '/']],
    ['priorities twice', ['stores', 1, 'entry'], { name: '{priority}{priority}' }, ['stores[1].entry.name', 'once']],
    [
      'a pattern that is none',
      ['stores', 1, 'from', 'priority'],
      [{ field: 'tags', pattern: '(' }],
      ['stores[1].from.priority[0].pattern', 'regular expression'],
    ],
    [
      'a pattern that finds no priority',
      ['stores', 1, 'from', 'priority'],
      [{ field: 'tags', pattern: 'entry-.*' }],
      ['stores[1].from.priority[0].pattern', 'exactly one group'],
    ],
    [
      'a rule of numbers',
      ['stores', 1, 'from', 'leaveOut'],
      { old: { version: 1 } },
      ['stores[1].from.leaveOut.old.version', 'a text, or a list of texts'],
    ],
    ['a name used twice', ['stores', 1, 'name'], 'documents', ['stores[1].name', 'another store']],
    [
      'a smoke check of no service',
      ['smoke'],
      [{ service: 'ghost', port: 1, path: '/' }],
      ['smoke[0].service', 'ghost'],
    ],
    [
      'a cron with an hour too many',
      ['backup'],
      { schedule: '0 24 * * *' },
      ['backup.schedule: the hour is "24"', '0 to 23'],
    ],
    [
      'a cron in a mapping',
      ['backup'],
      { schedule: { cron: 'x * * * *' } },
      ['backup.schedule.cron: the minute is "x"'],
    ],
    ['an empty cron', ['backup'], { schedule: '' }, ['backup.schedule: a cron expression of 0 fields', 'five fields']],
    [
      'a schedule that is a number',
      ['backup'],
      { schedule: 30 },
      ['backup.schedule: found a number', 'a cron expression, or'],
    ],
    [
      'a schedule that is a list',
      ['backup'],
      { schedule: [] },
      ['backup.schedule: found a list', 'a cron expression, or'],
    ],
    [
      'a schedule of neither kind',
      ['backup'],
      { schedule: {} },
      ['backup.schedule: one of cron and everySeconds is wanted'],
    ],
    [
      'a schedule of both kinds',
      ['backup'],
      { schedule: { cron: '@daily', everySeconds: 60 } },
      ['backup.schedule: one of cron and everySeconds is wanted'],
    ],
    [
      'a slip in a schedule',
      ['backup'],
      { schedule: { crom: '@daily' } },
      ['backup.schedule.crom: unknown key; did you mean "cron"'],
    ],
    [
      'seconds in words',
      ['backup'],
      { schedule: { everySeconds: 'often' } },
      ['backup.schedule.everySeconds: found a text', 'a number is'],
    ],
    [
      'an offset too long',
      ['backup'],
      { schedule: { everySeconds: 60, offsetSeconds: 60 } },
      ['offsetSeconds: must be less', '60'],
    ],
    [
      'an offset of a cron',
      ['backup'],
      { schedule: { cron: '@daily', offsetSeconds: 6 } },
      ['offsetSeconds: goes with everySeconds'],
    ],
    [
      'an unknown time zone',
      ['backup'],
      { schedule: { cron: '@daily', timeZone: 'Europe/Zuerich' } },
      ['backup.schedule.timeZone: "Europe/Zuerich" is no time zone', 'did you mean "Europe/Zurich"?'],
    ],
    [
      'a time zone in small letters',
      ['backup'],
      { schedule: { cron: '@daily', timeZone: 'europe/zurich' } },
      ['did you mean "Europe/Zurich"?'],
    ],
    [
      'what may be a secret as a time zone',
      ['backup'],
      { schedule: { cron: '@daily', timeZone: 'hunter2 hunter2!' } },
      ['backup.schedule.timeZone: what stands there is no time zone'],
    ],
    [
      'a short catch-up',
      ['backup'],
      { schedule: { cron: '@daily', catchUpSeconds: 5 } },
      ['backup.schedule.catchUpSeconds', '10'],
    ],
    [
      'pruning without a retention',
      ['backup'],
      { pruneSchedule: '@daily' },
      ['backup.pruneSchedule: there is no backup.retention'],
    ],
    [
      'a fault in the timing of pruning',
      ['backup'],
      { retention: {}, pruneSchedule: '@dayly' },
      ['backup.pruneSchedule: the word after "@"'],
    ],
    [
      'a heartbeat that is no URL',
      ['backup'],
      { heartbeatUrl: 'hunter2' },
      ['backup.heartbeatUrl: found a text; a URL, or a reference'],
    ],
    [
      'a heartbeat that is a number',
      ['backup'],
      { heartbeatUrl: 7 },
      ['backup.heartbeatUrl: found a number; a URL, or a reference'],
    ],
    ['a webhook without its URL', ['notifications'], [{}], ['notifications[0].url: missing; a URL, or a reference']],
    [
      'a header that is a list',
      ['notifications'],
      [{ url: 'https://x.org', headers: { a: [] } }],
      ['headers.a: found a list; a text, or'],
    ],
    ['a queue path with a slash at its end', ['stores', 1, 'path'], '/job/', ['stores[1].path', 'must start with "/"']],
  ])('%s', (_, place, value, wanted) => {
    const failure = failureOf(() => parse(changed(place, value)));
    expect(failure.kind).toBe('InvalidPlatformFile');
    for (const part of ['demo.yaml', ...wanted]) expect(failure.message).toContain(part);
    expect(failure.remedy).toContain('docs/');
    expect(failure.message).not.toContain('hunter2');
  });

  test('all faults at once, a line each', () => {
    const text = stringify({ ...least, platform: 7, catalog: {}, smoke: 'yes' });
    const lines = failureOf(() => parse(text)).message.split('\n');
    expect(lines.slice(1)).toHaveLength(3);
  });

  test('an empty file, and one that is only a text', () => {
    expect(failureOf(() => parse('')).message).toContain('(the whole file)');
    expect(failureOf(() => parse('hello')).message).toContain('(the whole file): found a text');
  });

  test('malformed YAML by line and column, without the text of the file', () => {
    const text = 'platform: demo\ncatalogue:\n  secretKey: hunter2\n   path: [\n';
    const failure = failureOf(() => parse(text));
    expect(failure.kind).toBe('InvalidPlatformFile');
    expect(failure.message).toMatch(/line \d+, column \d+: not valid YAML/);
    expect(failure.message).not.toContain('hunter2');
  });

  test('keys that stand several times, each with all its lines, without what stands there', () => {
    const text = [
      'platform: demo',
      'stores:',
      '  - name: documents',
      '    port: 9200',
      '    password: hunter2',
      '    port: 9201',
      '    port: 9202',
      'catalogue: {}',
      'platform: other',
    ].join('\n');
    const { message, kind } = failureOf(() => parse(text));
    expect(kind).toBe('InvalidPlatformFile');
    expect(message.split('\n').slice(1)).toEqual([
      '  lines 1 and 9: the key "platform" stands here twice; keep one of them',
      '  lines 4 and 6 and 7: the key "port" stands here 3 times; keep one of them',
    ]);
    expect(message).not.toContain('hunter2');
  });

  test('an alias without its anchor', () => {
    expect(failureOf(() => parse('platform: *nowhere\n')).message).toContain('not valid YAML');
  });

  test('names in ${…} that the environment does not have, all of them, each once', () => {
    const failure = failureOf(() => parse(stringify({ ...least, platform: '${A_B} ${C} ${C}' }), { A_B: '' }));
    expect(failure.kind).toBe('MissingSecret');
    expect(failure.message).toMatch(/environment has no C$/);
    expect(failure.remedy).toContain('set it');
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

  test('an unknown platform is told with the nearest name and all there are', async () => {
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

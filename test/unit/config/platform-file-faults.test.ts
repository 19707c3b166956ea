import { changed, parse, failureOf } from './platform-file-samples.ts';

// cspell:ignore crom dayly deploiment nuvl

describe('a wrong value is reported by path, kind and remedy', () => {
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
    [
      'an empty cron',
      ['backup'],
      { schedule: '' },
      ['backup.schedule: the cron expression has 0 fields', 'five fields'],
    ],
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
});

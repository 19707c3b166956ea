import { changed, parse, failureOf } from './platform-file-samples.ts';

const mail = (change: object) => ({
  kind: 'email',
  server: { host: 'mail.example.org' },
  from: 'a@b.org',
  to: ['c@d.org'],
  ...change,
});

describe('a wrong receiver is reported by path and remedy', () => {
  test.each<[string, (string | number)[], unknown, string[]]>([
    [
      'an unknown kind of receiver',
      ['notifications'],
      [{ kind: 'fax' }],
      ['notifications[0]', 'teams, email, pagerduty'],
    ],
    [
      'a chat room with headers',
      ['notifications'],
      [{ kind: 'slack', url: 'https://x.org', headers: {} }],
      ['headers'],
    ],
    ['a pager without its key', ['notifications'], [{ kind: 'pagerduty' }], ['notifications[0].routingKey: missing']],
    ['a key in the open', ['notifications'], [{ kind: 'pagerduty', routingKey: 'hunter2' }], ['{ env: NAME }']],
    ['a mail to nobody', ['notifications'], [mail({ to: [] })], ['notifications[0].to']],
    ['a mail to two in one', ['notifications'], [mail({ to: ['a@b.org, c@d.org'] })], ['to[0]', 'oncall@example.org']],
    ['a line break in an address', ['notifications'], [mail({ from: 'a@b.org\r\nBcc: c@d.org' })], ['.from']],
    [
      'a password in the clear',
      ['notifications'],
      [mail({ server: { host: 'm', tls: 'none', user: 'u', password: { env: 'P' } } })],
      ['notifications[0].server.tls', 'starttls or implicit'],
    ],
    [
      'a user without a password',
      ['notifications'],
      [mail({ server: { host: 'm', user: 'u' } })],
      ['notifications[0].server.password: missing'],
    ],
  ])('%s', (_, place, value, wanted) => {
    const failure = failureOf(() => parse(changed(place, value)));
    expect(failure.kind).toBe('InvalidPlatformFile');
    for (const part of ['demo.yaml', ...wanted]) expect(failure.message).toContain(part);
    expect(failure.remedy).toContain('docs/');
    expect(failure.message).not.toContain('hunter2');
  });
});

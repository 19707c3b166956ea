import { parse, changed, failureOf, least } from './platform-file-samples.ts';

const deployment = (more: object) => changed(['deployment'], { ...least.deployment, ...more });

test('services are placed by name, the others lie on the host', () => {
  const { deployment: read } = parse(deployment({ host: 'a', hosts: { api: 'b' } }));
  expect(read).toMatchObject({ host: 'a', hosts: { api: 'b' } });
  expect(parse(changed(['platform'], 'demo')).deployment.hosts).toBeUndefined();
});

test('a drill is on one of the hosts that the platform file names', () => {
  const drilled = (host: string) => `${deployment({ host: 'a', hosts: { api: 'b' } })}\ndrill: { host: ${host} }\n`;
  expect(parse(drilled('b')).drill?.host).toBe('b');
  const { message } = failureOf(() => parse(drilled('c')));
  expect(message).toMatch(/drill\.host.*"c" is neither deployment\.host nor in deployment\.hosts/);
});

test.each([
  [
    'an unknown service',
    { host: 'a', hosts: { mailer: 'b' } },
    ['deployment.hosts.mailer', '"mailer" is not a service'],
  ],
  ['no host for the others', { hosts: { api: 'b' } }, ['deployment.host', 'names the host of all other services']],
  [
    'a queue far from its documents',
    { host: 'a', hosts: { zookeeper: 'b' } },
    ['stores[0].address', 'the queue "jobs" on b reads its jobs from "documents" on a'],
  ],
])('%s is refused with the field and what is wanted', (_what, more, words) => {
  const { kind, message } = failureOf(() => parse(deployment(more)));
  expect(kind).toBe('InvalidPlatformFile');
  for (const word of words) expect(message).toContain(word);
});

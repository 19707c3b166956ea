import { changed, failureOf, parse } from './platform-file-samples.ts';

const swarm = { kind: 'swarm', stack: 'db', data: ['elasticsearch', 'zookeeper'], core: ['nuvla/api'] };

test('a platform on Swarm: services of its stack by their short names, of others with theirs', () => {
  const { deployment } = parse(changed(['deployment'], { ...swarm, secrets: { token: { env: 'TOKEN' } } }));
  expect(deployment).toMatchObject({ kind: 'swarm', stack: 'db', secrets: { token: { env: 'TOKEN' } } });
});

test('drills of it are scheduled, on any of its nodes, which no file names', () => {
  const drill = `drill: { schedule: { cron: '0 4 * * 0' }, host: node-2 }`;
  expect(parse(`${changed(['deployment'], swarm)}\n${drill}\n`).drill).toMatchObject({
    host: 'node-2',
    schedule: expect.anything() as object,
  });
});

test.each<[string, object, RegExp]>([
  ['the own stack with its name', { ...swarm, core: ['db/api'] }, /deployment\.core.*own stack without it: "api"/],
  ['no stack, and a slash', { ...swarm, stack: undefined, core: ['nuvla/api'] }, /exact name: "nuvla_api"/],
  ['a project', { ...swarm, project: 'demo' }, /deployment\.project: unknown key/],
  ['a secret as it is', { ...swarm, secrets: { token: 'abc' } }, /deployment\.secrets\.token.*reference/],
  ['another kind', { ...swarm, kind: 'kubernetes' }, /deployment\.kind/],
])('refused: %s', (_, deployment, message) => {
  expect(failureOf(() => parse(changed(['deployment'], JSON.parse(JSON.stringify(deployment))))).message).toMatch(
    message,
  );
});

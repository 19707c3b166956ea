import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { overallVerdict } from '../../../../domain/checks.ts';
import { etcdStore } from '../../../../systems/etcd/etcd-store.ts';
import type { PartSource } from '../../../../systems/streams/stream-store.ts';
import { joinedText, steady } from '../streams/sources.ts';
import { fakeEtcd, leftIn, type FakeEtcd } from './fake-etcd.ts';

const run = 'restore/nuvla/1';
let etcd: FakeEtcd;
afterEach(() => etcd.remove());

async function backedUp({ access }: FakeEtcd) {
  const parts = new Map<string, string>();
  const { expected } = await etcdStore(access).backUp(async ({ part, pieces }: PartSource) => {
    parts.set(part, await joinedText(pieces));
  }, {});
  return { expected, snapshot: () => steady(Buffer.from(parts.get('snapshot') ?? ''), 3), parts };
}

test('a backup is one snapshot, counted at its revision; no file of it is left', async () => {
  etcd = fakeEtcd();
  const { expected, parts } = await backedUp(etcd);
  expect(parts.get('snapshot')).toBe('a\nb\nc\nEND\n');
  expect(expected).toMatchObject({
    version: 1,
    store: 'coordination',
    serverVersion: '3.4.23',
    revision: 3,
    compactRevision: -1,
    keys: 3,
    users: ['root'],
    roles: [],
    members: 1,
  });
  expect(typeof expected.hash).toBe('number');
  expect(leftIn(etcd.members[0].folder)).toEqual([]);
});

test('a snapshot that is cut off fails the backup and leaves nothing; the next one is whole', async () => {
  etcd = fakeEtcd();
  etcd.cutSnapshots(true);
  await expect(backedUp(etcd)).rejects.toMatchObject({ kind: 'ServiceUnhealthy' });
  expect(leftIn(etcd.members[0].folder)).toEqual([]);
  etcd.cutSnapshots(false);
  expect((await backedUp(etcd)).expected.revision).toBe(3);
});

test('neither the password nor the user stands on a command line', async () => {
  etcd = fakeEtcd();
  await backedUp(etcd);
  const { commands } = etcd.members[0].container;
  expect(commands.length).toBeGreaterThan(5);
  expect(JSON.stringify(commands.map(({ command }) => command))).not.toContain('hidden-secret');
  expect(commands.every(({ secrets }) => secrets?.[0] === 'hidden-secret')).toBe(true);
});

test('a wrong password names its key of the platform file', async () => {
  etcd = fakeEtcd({ password: 'wrong' });
  await expect(etcdStore(etcd.access).check(undefined, {})).rejects.toMatchObject({
    kind: 'WrongCredentials',
    remedy: expect.stringContaining('"password" of the store "coordination"') as string,
  });
});

test.each([1, 3])('%d members: restored equal, put back, restored again, released', async (count) => {
  etcd = fakeEtcd({ count });
  const { access, members } = etcd;
  const store = etcdStore(access);
  const { expected, snapshot } = await backedUp(etcd);
  expect(overallVerdict(await store.check(expected, {}))).toBe('pass');
  for (const { put } of members) put('later');
  await store.restore('snapshot', snapshot(), run, {});
  expect(members.map(({ lines }) => lines())).toEqual(members.map(() => ['a', 'b', 'c']));
  const checks = await store.compare(expected, {});
  expect(checks.map(({ verdict, warning }) => [verdict, warning])).toEqual(checks.map(() => ['pass', undefined]));
  // One token for all members, and the names of the members.
  const identities = members.map(({ folder }) => readFileSync(join(folder, 'member', 'identity'), 'utf8').split(' '));
  expect(identities.map(([name]) => name)).toEqual(['m1', 'm2', 'm3'].slice(0, count));
  expect(new Set(identities.map(([, cluster, token]) => `${cluster} ${token}`)).size).toBe(1);
  expect(identities[0]?.[2]).toMatch(/^rekindle-[0-9a-f]{16}\n$/);
  await store.restore('snapshot', snapshot(), run, {});
  await store.putBack(['snapshot'], run, {});
  await store.putBack(['snapshot'], run, {});
  expect(members.map(({ lines }) => lines())).toEqual(members.map(() => ['a', 'b', 'c', 'later']));
  expect(members.flatMap(({ folder }) => leftIn(folder))).toEqual([]);
  await store.restore('snapshot', snapshot(), run, {});
  await store.release(['snapshot'], run, {});
  expect(members.flatMap(({ folder }) => leftIn(folder))).toEqual([]);
  expect(members.map(({ lines }) => lines())).toEqual(members.map(() => ['a', 'b', 'c']));
});

test('what is damaged is refused before anything is stopped', async () => {
  etcd = fakeEtcd();
  const [{ container, folder, lines }] = etcd.members;
  await expect(
    etcdStore(etcd.access).restore('snapshot', steady(Buffer.from('a\nb\n')), run, {}),
  ).rejects.toMatchObject({
    kind: 'ContainerFailed',
    message: expect.stringContaining('snapshot missing hash') as string,
  });
  expect(container.said).not.toContain('stop');
  expect(lines()).toEqual(['a', 'b', 'c']);
  // A repeated attempt finds the names of the members in its note.
  expect(leftIn(folder).map((name) => name.replace(/[0-9a-f]{16}/, 'id'))).toEqual(['rekindle-note-id']);
});

test('another number of containers than members is refused', async () => {
  etcd = fakeEtcd({ count: 3 });
  const { access } = etcd;
  const { expected, snapshot } = await backedUp(etcd);
  const alone = etcdStore({ ...access, containers: [access.containers[0]] });
  expect(overallVerdict(await alone.check(expected, {}))).toBe('fail');
  expect(overallVerdict(await alone.check(undefined, {}))).toBe('pass');
  await expect(alone.restore('snapshot', snapshot(), run, {})).rejects.toThrow('has 3 members');
});

test('a restore that differs is found: keys, content, a revision that is not there', async () => {
  etcd = fakeEtcd();
  const { expected } = await backedUp(etcd);
  const verdicts = async (change: Partial<typeof expected>) =>
    (await etcdStore(etcd.access).compare({ ...expected, ...change }, {})).map(({ verdict }) => verdict);
  expect(await verdicts({})).toEqual(['pass', 'pass']);
  expect(await verdicts({ keys: 2 })).toEqual(['fail', 'pass']);
  expect(await verdicts({ hash: 1 })).toEqual(['fail', 'pass']);
  expect(await verdicts({ revision: 9 })).toEqual(['fail', 'pass']);
  etcd.members[0].put('later');
  expect((await etcdStore(etcd.access).compare(expected, {}))[0]).toMatchObject({
    verdict: 'pass',
    warning: true,
    evidence: '3 keys at revision 3 with an equal hash, and 1 changes since',
  });
  expect(await verdicts({ users: ['root', 'gone'] })).toEqual(['pass', 'fail']);
});

describe('whatever step dies', () => {
  /** Every call to a container, counted over the test: the n-th one fails. */
  function dying(at: { call: number }) {
    let count = 0;
    return () => {
      if (++count === at.call) throw new Error('the worker died');
    };
  }

  test.each(Array.from({ length: 6 }, (_, index) => index * 5 + 3))('the restore goes on (at %d)', async (ahead) => {
    const at = { call: Infinity };
    let calls = 0;
    const die = dying(at);
    etcd = fakeEtcd({
      count: 2,
      before: () => {
        calls += 1;
        die();
      },
    });
    const { access, members } = etcd;
    const { snapshot } = await backedUp(etcd);
    for (const { put } of members) put('later');
    at.call = calls + ahead;
    const store = etcdStore(access);
    await store.restore('snapshot', snapshot(), run, {}).catch(() => undefined);
    await store.restore('snapshot', snapshot(), run, {});
    expect(members.map(({ lines }) => lines())).toEqual(members.map(() => ['a', 'b', 'c']));
    await store.putBack(['snapshot'], run, {});
    expect(members.map(({ lines }) => lines())).toEqual(members.map(() => ['a', 'b', 'c', 'later']));
    expect(members.every(({ container }) => container.running)).toBe(true);
  });
});

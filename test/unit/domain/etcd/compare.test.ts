import { compareEtcd } from '../../../../domain/etcd/compare.ts';
import type { EtcdExpectedSet } from '../../../../domain/etcd/expected.ts';

const expected: EtcdExpectedSet = {
  version: 1,
  store: 'coordination',
  serverVersion: '3.5.9',
  revision: 7,
  compactRevision: 4,
  hash: 99,
  keys: 3,
  users: ['root'],
  roles: ['root'],
  members: 1,
};
const at = { keys: 3, hash: 99, compactRevision: 4, latest: 7 };
const member = { name: 'etcd-1', serverVersion: '3.5.9', at };
const first = (change: object, set: Partial<EtcdExpectedSet> = {}) =>
  compareEtcd({ ...expected, ...set }, { members: [{ ...member, ...change }], users: ['root'], roles: ['root'] })[0];

test('equal is equal', () => {
  expect(first({})).toMatchObject({ verdict: 'pass', evidence: expect.stringContaining('hash') as string });
  expect(first({})?.warning).toBeUndefined();
});

test.each<[string, object, Partial<EtcdExpectedSet>, string]>([
  ['another version', { serverVersion: '3.5.21' }, {}, 'the point was taken by etcd 3.5.9, and 3.5.21 runs'],
  ['a compaction since', { at: { ...at, compactRevision: 6, hash: 1 } }, {}, 'a compaction has run since'],
  ['one meanwhile', {}, { hash: undefined }, 'a compaction ran while the backup was taken'],
])('%s: no hash is compared, and a person hears of it', (_, change, set, words) => {
  expect(first(change, set)).toMatchObject({
    verdict: 'pass',
    warning: true,
    evidence: expect.stringContaining(words) as string,
  });
});

test('without the revision nothing passes', () => {
  expect(first({ at: undefined, why: 'it is a future revision' })).toMatchObject({
    verdict: 'fail',
    evidence: 'Nothing can be read at revision 7: it is a future revision',
  });
});

import { checkAllocation } from '../../../operations/preflight/allocation.ts';
import { checkFeatureStates } from '../../../operations/preflight/features.ts';
import { checkUser } from '../../../operations/preflight/user.ts';
import type { UserSeen } from '../../../operations/preflight/observe-user.ts';
import type { ElasticsearchAuth } from '../../../domain/platform.ts';
import type { ExpectedSet } from '../../../domain/recovery-points/recovery-point.ts';
import { elasticsearchSeen, expectedSet, storeSeen } from './preflight-seen.ts';

const seen = (expected: Partial<ExpectedSet>) => storeSeen({ expected: { ...expectedSet(), ...expected } });
const [job, old] = expectedSet().indices;
if (!job || !old) throw new Error('the expected set has two indices');

describe('settings that hinder a restore', () => {
  test('of an adopted snapshot nothing is known: no check', () => {
    expect(checkAllocation(storeSeen())).toBeUndefined();
  });

  test('none', () => {
    const tier = { 'index.routing.allocation.include._tier_preference': 'data_content' };
    expect(checkAllocation(seen({ clusterSettings: {}, indices: [{ ...job, settings: tier }] }))).toEqual({
      name: 'allocation documents',
      verdict: 'pass',
      evidence: 'No setting of the snapshot keeps a shard from its node',
      remedy: '',
    });
  });

  test('filters and cluster settings are named with their indices, and refuse nothing', () => {
    const settings = { 'index.routing.allocation.require._name': 'es-1' };
    const check = checkAllocation(
      seen({
        indices: [
          { ...job, settings },
          { ...old, settings },
        ],
        clusterSettings: { 'cluster.routing.allocation.enable': 'none' },
      }),
    );
    expect(check).toMatchObject({ verdict: 'pass', warning: true });
    expect(check?.evidence).toBe(
      'Left out of the restore and put back after it: index.routing.allocation.require._name es-1 (nuvla-job, nuvla-old), cluster.routing.allocation.enable none of the cluster',
    );
  });

  test('more shards than the nodes may hold come back, and then no index can be created', () => {
    const crowded = {
      indices: [{ ...job, primaries: 2, replicas: 2 }],
      clusterSettings: { 'cluster.max_shards_per_node': '5' },
    };
    expect(checkAllocation(seen(crowded))?.evidence).toMatch(/^6 shards with their replicas on 1 nodes, .* allows 5/);
    const roomy = { ...crowded, clusterSettings: { 'cluster.max_shards_per_node': '6' } };
    expect(checkAllocation(seen(roomy))).not.toHaveProperty('warning');
  });
});

describe('feature states', () => {
  const featureStates = [
    { name: 'kibana', indices: ['.kibana_1'] },
    { name: 'security', indices: ['.security-7'] },
  ];

  test('all come back, or those that the platform file names; what stays out is said', () => {
    expect(checkFeatureStates(seen({ featureStates }))?.evidence).toBe(
      'Restored: kibana, security; the snapshot has feature states kibana, security',
    );
    const some = seen({ featureStates, leftOut: ['.tasks'] });
    some.store = { ...some.store, featureStates: ['security'] };
    expect(checkFeatureStates(some)?.evidence).toBe(
      'Restored: security; not restored, as the platform file says: kibana; the snapshot has feature states kibana, security; left out as the platform file says: .tasks',
    );
    some.store = { ...some.store, featureStates: 'none' };
    expect(checkFeatureStates(some)?.evidence).toMatch(/^None is restored; not restored, .*: kibana, security;/);
  });

  test('one that this Elasticsearch does not have is refused', () => {
    const lacking = {
      ...seen({ featureStates }),
      elasticsearch: { seen: elasticsearchSeen({ features: { seen: ['security'] } }) },
    };
    expect(checkFeatureStates(lacking)).toMatchObject({
      verdict: 'fail',
      evidence: expect.stringContaining('holds the feature states kibana') as string,
    });
  });

  test('a point that does not tell makes no check', () => {
    expect(checkFeatureStates(storeSeen())).toBeUndefined();
  });
});

describe('the user on an empty Elasticsearch', () => {
  const userSeen = (user: Partial<UserSeen>): UserSeen => ({ elastic: 'unknown', containerStays: true, ...user });
  const check = (username: string, user: Partial<UserSeen>, expected: Partial<ExpectedSet> = {}) => {
    const all = seen(expected);
    const found = checkUser({ ...all, store: { ...all.store, username }, user: { seen: userSeen(user) } });
    return found && `${found.verdict}${found.warning ? ' warning' : ''}: ${found.evidence}`;
  };

  test('without a user there is no check', () => {
    expect(checkUser(storeSeen())).toBeUndefined();
  });

  test.each<[string, Partial<UserSeen>, RegExp]>([
    ['elastic', { realm: 'off' }, /^pass: Security is off/],
    ['elastic', { realm: 'reserved', elastic: 'same' }, /^pass: .*what "elasticsearch" sets at first/],
    ['elastic', { elastic: 'file' }, /^pass: .*ELASTIC_PASSWORD_FILE/],
    ['elastic', { realm: 'reserved', elastic: 'different' }, /^fail: .*first password.* is not the one/],
    ['elastic', { elastic: 'random' }, /^fail: .*sets no first password/],
    ['elastic', { realm: 'reserved', elastic: 'unknown' }, /^pass warning: /],
    ['kibana_system', { realm: 'reserved' }, /^fail: .*only elastic/],
    ['backup', { realm: 'native' }, /^fail: backup cannot sign in to an empty Elasticsearch: it is a native user/],
    ['backup', { realm: 'file' }, /^pass: backup is of the realm "file"/],
    ['backup', { realm: 'file', containerStays: false }, /^pass warning: .*file realm/],
    ['backup', { realm: 'ldap', containerStays: false }, /^pass: .*"ldap"/],
    ['backup', {}, /^pass warning: .*not known/],
  ])('%s, %o', (username, user, says) => {
    expect(check(username, user)).toMatch(says);
  });

  test('API keys are kept in the data; of bearer tokens nobody knows; Amazon signs', () => {
    const all = storeSeen();
    const of = (auth: ElasticsearchAuth) => checkUser({ ...all, store: { ...all.store, auth } });
    const secret = { env: 'SECRET' };
    expect(of({ kind: 'apiKey', apiKey: secret })).toMatchObject({ verdict: 'fail' });
    expect(of({ kind: 'bearer', token: secret })).toMatchObject({ verdict: 'pass', warning: true });
    const credentials = { kind: 'environment' } as const;
    expect(of({ kind: 'aws', region: 'r', service: 'es', credentials })).toBeUndefined();
  });

  test('a dead Elasticsearch: what the backup saw counts', () => {
    expect(check('backup', {}, { userRealm: 'native' })).toMatch(/^fail: /);
    expect(check('backup', {}, { userRealm: 'file' })).toMatch(/^pass: /);
    expect(check('elastic', { elastic: 'same' }, { userRealm: 'reserved' })).toMatch(/^pass: /);
  });

  test('with the feature state security the users of the backup come back', () => {
    const featureStates = [{ name: 'security', indices: ['.security-7'] }];
    expect(check('elastic', { elastic: 'same' }, { featureStates })).toMatch(/come with the feature state security$/);
  });
});

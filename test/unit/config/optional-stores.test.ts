import { stringify } from 'yaml';
import { failureOf, least, parse } from './platform-file-samples.ts';

/** The least file with stores of streams, and with a change of one of its stores. */
function fileWith(stores: object[], change: { index: number; with: object } = { index: 0, with: {} }): string {
  const all = [...least.stores, ...stores].map((store, index) =>
    index === change.index ? { ...store, ...change.with } : store,
  );
  const data = ['elasticsearch', 'zookeeper', 'policy', 'postgresql'];
  return stringify({ ...least, deployment: { ...least.deployment, data }, stores: all });
}

const streamed = [
  { name: 'policy', kind: 'postgres' },
  { name: 'policy', kind: 'mysql' },
  { name: 'policy', kind: 'etcd' },
  { name: 'policy', kind: 'redis' },
  { name: 'policy', kind: 'volume', path: '/srv/policy' },
  { name: 'policy', kind: 'command', export: ['ctl', 'export'], import: ['ctl', 'import'], verify: ['ctl', 'verify'] },
];

test.each(streamed)('a store of kind $kind may be optional, and is not unless it says so', (store) => {
  expect(parse(fileWith([{ ...store, optional: true }])).stores[2]).toMatchObject({ optional: true });
  expect(parse(fileWith([store])).stores[2]).not.toHaveProperty('optional');
});

test.each([
  [0, 'elasticsearch'],
  [1, 'zookeeper-queue'],
])('stores[%i], of kind %s, must not', (index) => {
  const { message } = failureOf(() => parse(fileWith([], { index, with: { optional: true } })));
  expect(message).toContain(`stores[${index}].optional: is only for stores whose backups are streams`);
});

test('nor must every store that is backed up', () => {
  const only = { name: 'policy', kind: 'postgres', optional: true };
  const file = stringify({ ...least, deployment: { ...least.deployment, data: ['policy'] }, stores: [only] });
  expect(failureOf(() => parse(file)).message).toContain('stores: every store that is backed up is optional');
});

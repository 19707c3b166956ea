import { platformSchema } from '../../../config/platform-schema.ts';
import { postgresStore } from '../../../config/platform-schema/postgres.ts';

const least = { name: 'pg', kind: 'postgres' };

test('a name is enough', () => {
  expect(postgresStore.parse(least)).toMatchObject({
    name: 'pg',
    service: 'pg',
    port: 5432,
    username: 'postgres',
    samplesPerTable: 20,
    silenceSeconds: 600,
  });
});

test('a rate is counted in bytes', () => {
  expect(postgresStore.parse({ ...least, throttle: '50mb' }).throttle).toBe(50 * 1024 * 1024);
  expect(postgresStore.parse({ ...least, throttle: '1b' }).throttle).toBe(1);
});

test.each([
  [{ password: 'plain-text' }],
  [{ databases: [] }],
  [{ databases: ['app', 'app'] }],
  [{ databases: ['x'.repeat(64)] }],
  [{ throttle: '0mb' }],
  [{ throttle: '5 MB/s' }],
  [{ samplesPerTable: -1 }],
  [{ tables: ['a'] }],
])('%j is refused', (change) => {
  expect(postgresStore.safeParse({ ...least, ...change }).success).toBe(false);
});

const file = (change: object = {}) => ({
  platform: 'demo',
  deployment: { kind: 'compose', project: 'demo', data: ['pg'], core: [], alsoStop: [] },
  stores: [least],
  catalogue: { kind: 'directory', path: '/backups' },
  ...change,
});

test('a platform may have it alone', () => {
  expect(platformSchema.parse(file()).stores).toMatchObject([{ kind: 'postgres', service: 'pg' }]);
});

test.each([
  ['a service that is no data service', file({ stores: [{ ...least, service: 'other' }] }), 'stores.0.service'],
  ['two services', file({ stores: [{ ...least, service: ['pg', 'standby'] }] }), 'stores.0.service'],
  ['no deployment', file({ deployment: undefined }), 'stores.0.kind'],
  [
    'a queue that is to be rebuilt from it',
    file({ stores: [least, { name: 'q', kind: 'zookeeper-queue', service: 'pg', from: { store: 'pg', index: 'i' } }] }),
    'stores.1.from.store',
  ],
])('%s is refused, with the key', (_name, text, path) => {
  const { error } = platformSchema.safeParse(text);
  expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
});

import { platformSchema } from '../../../config/platform-schema.ts';
import { postgresStore } from '../../../config/platform-schema/postgres.ts';

const least = { name: 'pg', kind: 'postgres' };

test('a name is enough', () => {
  expect(postgresStore.parse(least)).toMatchObject({
    name: 'pg',
    service: 'pg',
    otherServices: [],
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

test('nobody can ask for it yet', () => {
  const { error } = platformSchema.safeParse({ stores: [least] });
  expect(error?.issues.some(({ path }) => path.join('.') === 'stores.0.kind')).toBe(true);
});

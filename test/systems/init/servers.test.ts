import { useServers } from './asked.ts';

const ask = useServers();
const postgres = 'rekindle-stack/postgresql:15';

test('PostgreSQL tells its version, its databases and whether the user is a superuser', async () => {
  const environment = { POSTGRES_PASSWORD: 'secret', POSTGRES_USER: 'app', POSTGRES_DB: 'accounts' };
  expect(await ask('postgres', postgres, { environment, settings: { POSTGRES_USER: 'app' } })).toMatchObject({
    kind: 'answered',
    server: expect.stringMatching(/^PostgreSQL 15\.\d+$/) as string,
    facts: { role: 'primary', superuser: 'yes', databases: 'accounts, postgres' },
  });
});

test('a user whom PostgreSQL does not know is refused', async () => {
  const environment = { POSTGRES_PASSWORD: 'secret', POSTGRES_USER: 'app' };
  expect(await ask('postgres', postgres, { environment })).toEqual({ kind: 'refused' });
});

test('etcd tells its version and its cluster', async () => {
  expect(await ask('etcd', 'rekindle-stack/etcd:3')).toMatchObject({
    kind: 'answered',
    server: expect.stringMatching(/^etcd 3\.\d+\.\d+$/) as string,
    facts: { cluster: expect.stringMatching(/^\d+$/) as string },
  });
});

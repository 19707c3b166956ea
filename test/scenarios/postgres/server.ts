import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import type { DemoPlatform } from '../../../stack/demo-platform.ts';
import { eventually } from '../../../stack/engine.ts';
import { serviceBeside, type ServiceBeside, type Variant } from '../harness/index.ts';

const password = 'rks-postgres-secret';

/** A PostgreSQL next to the services of the demo platform. */
export interface PostgresBeside extends Pick<ServiceBeside, 'lose'> {
  /** The rows of a query, as psql prints them. */
  ask(sql: string, database?: string): Promise<string>;
}

/** Brings it up with two databases, and writes a platform file that names it. */
export async function postgresBeside(platform: DemoPlatform, variant: Variant): Promise<PostgresBeside> {
  const server = await serviceBeside(platform, {
    service: 'postgresql',
    image: 'rekindle-stack/postgresql:15',
    environment: { POSTGRES_PASSWORD: password, POSTGRES_DB: 'accounts' },
    folder: '/var/lib/postgresql/data',
  });
  const ask = (sql: string, database = 'accounts') =>
    server.run(['psql', '-XAtq', '-U', 'postgres', '-d', database, '-v', 'ON_ERROR_STOP=1', '-c', sql]);
  await eventually('PostgreSQL answers', 60, () => ask('select 1'));
  await ask('create role clerk login password $$x$$');
  await ask('create database ledger owner clerk');
  await ask(
    'create table account (id int primary key, name text); insert into account select n, md5(n::text) from generate_series(1, 5000) n',
  );
  await ask('create table entry (at timestamptz primary key); insert into entry values (now())', 'ledger');
  await nameIt(variant, platform.folder);
  return { ask, lose: () => server.lose() };
}

async function nameIt(variant: Variant, folder: string): Promise<void> {
  const file = join(folder, 'secrets', 'postgres_password');
  await writeFile(file, password, { mode: 0o600 });
  await variant.write((text) => {
    (text['deployment'] as { data: string[] }).data.push('postgresql');
    text.stores.push({ name: 'accounts', kind: 'postgres', service: 'postgresql', password: { file } });
  });
}

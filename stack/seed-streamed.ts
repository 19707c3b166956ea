import { containersOf, engine } from './engine.ts';
import { execIn } from './exec-in.ts';
import type { DemoPlatform } from './platform.ts';
import { streamedServices } from './shapes.ts';

const ROWS = 5_000;
const KEYS = 50;

/** A role, two databases and their owners; a table in each. */
const SQL = `
create role clerk login;
create table account (id int primary key, name text not null, email text not null unique);
insert into account select n, 'user ' || n, md5(n::text) || '@example.com' from generate_series(1, ${ROWS}) n;
create database ledger owner clerk;
\\connect ledger clerk
create table entry (id bigserial primary key, account int not null, cents bigint not null);
insert into entry (account, cents) select 1 + n % ${ROWS}, n * 37 % 10000 from generate_series(1, ${ROWS}) n;
`;

/** Fills the PostgreSQL and the etcd of the shape `stores`, which answer. Nothing on the other shapes. */
export async function seedStreamed(
  { project, shape }: Pick<DemoPlatform, 'project' | 'shape'>,
  log: (line: string) => void,
): Promise<void> {
  if (streamedServices(shape).length === 0) return;
  const keys = Array.from({ length: KEYS }, (_, n) => `put /locks/${n} "held by executor ${n % 2}"\n`).join('');
  const psql = ['psql', '--username=postgres', '--dbname=accounts', '--quiet', '--set=ON_ERROR_STOP=1'];
  await Promise.all([
    runIn(project, 'postgresql', psql, SQL),
    // Conditions, what to do when they hold, and when they do not; each ends with an empty line.
    runIn(project, 'etcd', ['etcdctl', 'txn', '--interactive'], `\n${keys}\n\n`),
  ]);
  log(`seeded ${2 * ROWS} rows in PostgreSQL and ${KEYS} keys in etcd`);
}

async function runIn(project: string, service: string, command: string[], input: string): Promise<void> {
  const [container] = await containersOf(project, service);
  const { exitCode, stdout, stderr } = await execIn(engine().getContainer(container?.Id ?? ''), command, input);
  if (exitCode !== 0) throw new Error(`Seeding ${service} ended with ${exitCode}: ${stdout}${stderr}`);
}

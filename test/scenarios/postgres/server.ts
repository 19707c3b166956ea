import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import Docker from 'dockerode';
import type { DemoPlatform } from '../../../stack/demo-platform.ts';
import { engine, eventually, gone } from '../../../stack/engine.ts';
import type { Variant } from '../harness/index.ts';
import { execIn } from '../../../stack/exec-in.ts';

const password = 'rks-postgres-secret';

/** A PostgreSQL next to the services of the demo platform, as its Compose tool would have made it. */
export interface PostgresBeside {
  /** The rows of a query, as psql prints them. */
  ask(sql: string, database?: string): Promise<string>;
  /** Container and volume go. */
  lose(): Promise<void>;
}

/** Brings it up with two databases, and writes a platform file that names it. */
export async function postgresBeside(platform: DemoPlatform, variant: Variant): Promise<PostgresBeside> {
  const { project, network, folder } = platform;
  const name = `${project}_postgresql_1`;
  const volume = `${project}_pgdata`;
  const labels = { 'com.docker.compose.project': project };
  await engine().createVolume({ Name: volume, Labels: { ...labels, 'com.docker.compose.volume': 'pgdata' } });
  const container = await engine().createContainer({
    name,
    Image: 'rekindle-stack/postgresql:15',
    Env: [`POSTGRES_PASSWORD=${password}`, 'POSTGRES_DB=accounts'],
    Labels: {
      ...labels,
      'com.docker.compose.service': 'postgresql',
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
    },
    HostConfig: {
      NetworkMode: network,
      RestartPolicy: { Name: 'on-failure' },
      Binds: [`${volume}:/var/lib/postgresql/data`],
    },
    NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: ['postgresql'] } } },
  });
  await container.start();
  const ask = async (sql: string, database = 'accounts') => {
    const command = ['psql', '-XAtq', '-U', 'postgres', '-d', database, '-v', 'ON_ERROR_STOP=1', '-c', sql];
    const { exitCode, stdout, stderr } = await execIn(new Docker().getContainer(name), command);
    if (exitCode !== 0) throw new Error(`psql: ${stderr}`);
    return stdout.trim();
  };
  await eventually('PostgreSQL answers', 60, () => ask('select 1'));
  await ask('create role clerk login password $$x$$');
  await ask('create database ledger owner clerk');
  await ask(
    'create table account (id int primary key, name text); insert into account select n, md5(n::text) from generate_series(1, 5000) n',
  );
  await ask('create table entry (at timestamptz primary key); insert into entry values (now())', 'ledger');
  await nameIt(variant, folder);
  return {
    ask,
    async lose() {
      await gone(engine().getContainer(name).remove({ force: true, v: true }));
      await gone(engine().getVolume(volume).remove());
    },
  };
}

async function nameIt(variant: Variant, folder: string): Promise<void> {
  const file = join(folder, 'secrets', 'postgres_password');
  await writeFile(file, password, { mode: 0o600 });
  await variant.write((text) => {
    (text['deployment'] as { data: string[] }).data.push('postgresql');
    text.stores.push({ name: 'accounts', kind: 'postgres', service: 'postgresql', password: { file } });
  });
}

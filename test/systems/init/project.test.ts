import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { parse } from 'yaml';
import { initialise, type Initialised } from '../../../operations/init/init.ts';
import { connectDocker } from '../../../systems/docker/engine.ts';
import { waitFor } from '../../wait-for.ts';

// A project without Elasticsearch: its servers as Compose labels them, and a client with files of its own.
const docker = new Docker();
const project = `rkt${randomUUID().slice(0, 8)}`;
let folder: string;
const made: Docker.Container[] = [];
const volume = (name: string) => `${project}_${name}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rekindle-init-'));
  await docker.createNetwork({ Name: `${project}_back`, Driver: 'bridge' });
  const start = async (service: string, Image: string, Env: string[], bind: string, Cmd?: string[]) => {
    const container = await docker.createContainer({
      name: `${project}-${service}-1`,
      Image,
      Env,
      ...(Cmd && { Cmd }),
      Labels: { 'com.docker.compose.project': project, 'com.docker.compose.service': service },
      HostConfig: { Binds: [bind], NetworkMode: `${project}_back` },
    });
    made.push(container);
    await container.start();
  };
  const postgres = ['POSTGRES_PASSWORD=hunter2', 'POSTGRES_USER=app'];
  await start('accounts', 'rekindle-stack/postgresql:15', postgres, `${volume('pg')}:/var/lib/postgresql/data`);
  await start('locks', 'rekindle-stack/etcd:3', ['ETCD_DATA_DIR=/var/lib/etcd'], `${volume('etcd')}:/var/lib/etcd`);
  const files = `${volume('files')}:/srv/files`;
  await start('web', 'rekindle-stack/base:bookworm', ['POSTGRES_PASSWORD=hunter2'], files, ['sleep', '600']);
});
afterAll(async () => {
  for (const container of made) await container.remove({ force: true, v: true });
  for (const name of ['pg', 'etcd', 'files']) await docker.getVolume(volume(name)).remove();
  await docker.getNetwork(`${project}_back`).remove();
  await rm(folder, { recursive: true });
});

test('each server is a store, asked without its password; the files of the client are a suggestion', async () => {
  let count = 0;
  // Servers that start are silent: what they are is not certain then.
  const { file, text, open } = await waitFor(
    async (): Promise<Initialised> => {
      const done = await initialise(
        connectDocker({}),
        { kind: 'compose', project },
        join(folder, `shop${++count}.yaml`),
      );
      expect(done.roles.data.every(({ certain }) => certain)).toBe(true);
      return done;
    },
    { timeout: 50_000, interval: 1000 },
  );
  expect(await readFile(file, 'utf8')).toBe(text);
  expect(parse(text)).toMatchObject({
    deployment: { kind: 'compose', project, data: ['accounts', 'locks'], core: ['web'], alsoStop: [] },
    stores: [
      { name: 'accounts', kind: 'postgres', service: 'accounts', username: 'app' },
      { name: 'locks', kind: 'etcd', service: 'locks' },
    ],
  });
  expect(text).not.toContain('hunter2');
  for (const words of ['PostgreSQL 15.', 'etcd 3.', `the volume ${volume('pg')}`, `the volume ${volume('etcd')}`])
    expect(text).toContain(words);
  expect(text).toMatch(/^# +path: \/srv\/files$/m);
  expect(open.map(({ at }) => at)).toEqual(expect.arrayContaining(['deployment.core.0', 'catalogue']));
});

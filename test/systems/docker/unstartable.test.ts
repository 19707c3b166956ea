import { createServer, request } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDocker } from '../../../systems/docker/engine.ts';
import { docker, engine, failureOf, image, uniqueName } from './platform.ts';
import { useAtEnd } from '../../at-end.ts';

const atTestEnd = useAtEnd();

/** The real engine, but for its refusals to start a container: as many as `times`, in the words of a damaged one. */
async function refusing(times: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rkt-'));
  const path = join(folder, 'docker.sock');
  let left = times;
  const server = createServer((asked, answer) => {
    if (asked.method === 'POST' && /\/containers\/[^/]+\/start/.test(asked.url ?? '') && left > 0) {
      left -= 1;
      answer.writeHead(500, { 'content-type': 'application/json' });
      answer.end(JSON.stringify({ message: `task ${'ab'.repeat(32)}: already exists` }));
      return;
    }
    const { method, url, headers } = asked;
    const socketPath = engine.address.slice('unix://'.length);
    const forwarded = request({ socketPath, method, path: url, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    asked.pipe(forwarded);
  }).listen(path);
  atTestEnd(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  return `unix://${path}`;
}

async function stoppedContainer(): Promise<{ name: string; volume: string; id: string }> {
  const [name, volume] = [uniqueName(), uniqueName()];
  const { id } = await docker.createContainer({
    name,
    Image: image,
    Cmd: ['node', '-e', 'setInterval(() => {}, 1000)'],
    Env: ['TOKEN=a b'],
    Labels: { team: 'blue' },
    HostConfig: { Binds: [`${volume}:/data`], Init: true, RestartPolicy: { Name: 'no' } },
  });
  atTestEnd(async () => {
    await docker.getContainer(name).remove({ force: true });
    await docker.getVolume(volume).remove();
  });
  return { name, volume, id };
}

const always = { name: 'always', maximumRetryCount: 0 } as const;

test('a container that its engine can no longer start is created again, as it was, and runs', async () => {
  const { name, volume, id } = await stoppedContainer();
  const damaged = connectDocker({ host: await refusing(1) });
  expect(await damaged.startContainers([{ name, restartPolicy: always }])).toEqual([{ name, outcome: 'started' }]);
  const now = await docker.getContainer(name).inspect();
  expect(now.Id).not.toBe(id);
  expect(now.State.Running).toBe(true);
  expect(now.HostConfig.RestartPolicy?.Name).toBe('always');
  expect(now.Config.Env).toContain('TOKEN=a b');
  expect(now.Config.Labels).toMatchObject({ team: 'blue' });
  expect(now.Mounts).toMatchObject([{ Type: 'volume', Name: volume, Destination: '/data' }]);
});

test('once only: an engine that refuses the new one as well is reported', async () => {
  const { name } = await stoppedContainer();
  const damaged = connectDocker({ host: await refusing(2) });
  const failure = await failureOf(damaged.startContainers([{ name, restartPolicy: always }]));
  expect(failure).toMatchObject({ kind: 'ContainerFailed', message: expect.stringContaining(name) as string });
});

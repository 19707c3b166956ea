import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failureKinds } from '../../../domain/failures.ts';
import { connectDocker } from '../../../systems/docker/engine.ts';
import { failureOf } from './platform.ts';
import { useAtEnd } from '../../at-end.ts';

const atTestEnd = useAtEnd();

test('no socket, and nothing listens at the port: reported at once, with the address', async () => {
  for (const host of ['unix:///nowhere/docker.sock', 'tcp://127.0.0.1:1']) {
    const failure = await failureOf(connectDocker({ host }).ping());
    expect(failure).toMatchObject({ kind: 'DockerUnreachable', message: expect.stringContaining(host) as string });
    expect(failure.remedy).not.toBe('');
    const removal = connectDocker({ host }).removeVolume('rkt-none');
    expect(await failureOf(removal)).toMatchObject({ kind: 'DockerUnreachable' });
  }
});

test('an engine without disk space is reported as such, whatever the request, and waited for', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rkt-'));
  const path = join(folder, 'docker.sock');
  // What a real engine answers on a full file system (the chaos suite fills one).
  const said = 'write /var/lib/docker/containers/1/.tmp-config.v2.json1: no space left on device';
  const server = createHttpServer((_, response) => {
    response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ message: said }));
  }).listen(path);
  atTestEnd(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  const engine = connectDocker({ host: `unix://${path}` });
  const asked = [
    engine.startContainers([{ name: 'rkt-none', restartPolicy: { name: 'no', maximumRetryCount: 0 } }]),
    engine.removeVolume('rkt-none'),
  ];
  for (const answer of asked) {
    const failure = await failureOf(answer);
    expect(failure).toMatchObject({ kind: 'DiskFull', message: expect.stringContaining('no space left') as string });
    expect(failure.remedy).toMatch(/^Make room/);
  }
  expect(failureKinds.DiskFull.retryable).toBe(true);
});

test('an engine that hangs is reported after three seconds, one that drops the connection at once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rkt-'));
  const path = join(folder, 'docker.sock');
  let cut = false;
  const server = createServer((socket) => {
    if (cut) socket.destroy();
  }).listen(path);
  atTestEnd(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  const engine = connectDocker({ host: `unix://${path}` });
  const began = performance.now();
  expect(await failureOf(engine.ping())).toMatchObject({ kind: 'DockerUnreachable' });
  expect(performance.now() - began).toBeLessThan(4000);
  cut = true;
  expect(await failureOf(engine.ping())).toMatchObject({ kind: 'DockerUnreachable' });
});

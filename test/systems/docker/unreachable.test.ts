import { createServer } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { connectDocker } from '../../../systems/docker/engine.ts';
import { failureOf } from './platform.ts';

test('no socket, and nobody at the port: told at once, with the address', async () => {
  for (const host of ['unix:///nowhere/docker.sock', 'tcp://127.0.0.1:1']) {
    const failure = await failureOf(connectDocker({ host }).ping());
    expect(failure).toMatchObject({ kind: 'DockerUnreachable', message: expect.stringContaining(host) as string });
    expect(failure.remedy).not.toBe('');
    const removal = connectDocker({ host }).removeVolume('rkt-none');
    expect(await failureOf(removal)).toMatchObject({ kind: 'DockerUnreachable' });
  }
});

test('an engine that hangs is told after three seconds, one that cuts off at once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rkt-'));
  const path = join(folder, 'docker.sock');
  let cut = false;
  const server = createServer((socket) => {
    if (cut) socket.destroy();
  }).listen(path);
  onTestFinished(async () => {
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

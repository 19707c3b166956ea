import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { seeHealth } from '../../../cli/deploy/health.ts';
import { readEnvironment } from '../../../config/environment.ts';
import { least } from '../config/platform-file-samples.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rkt-'));
  const catalogue = { kind: 'directory', path: folder };
  await writeFile(join(folder, 'demo.yaml'), stringify({ ...least, catalogue }));
});
afterEach(() => rm(folder, { recursive: true }));

const see = (socket: string) =>
  seeHealth(
    readEnvironment({ REKINDLE_PLATFORMS: folder, DOCKER_HOST: `unix://${socket}` }),
    'demo',
    { timeoutSeconds: 5, ran: [] },
    {
      say: () => undefined,
    },
  );

test('no engine answers: nobody can tell', async () => {
  expect(await see(join(folder, 'none.sock'))).toMatchObject({ healthy: null, failure: { kind: 'DockerUnreachable' } });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends the waiting, also for an engine that hangs', async (signal) => {
  // The test runner listens for the same signals: they are none of this test's.
  const others = process.listeners(signal);
  process.removeAllListeners(signal);
  const asked: { destroy(): void }[] = [];
  const silent = createServer((socket) => asked.push(socket)).listen(join(folder, 'silent.sock'));
  try {
    const seen = see(join(folder, 'silent.sock'));
    process.emit(signal);
    expect(await seen).toEqual({ healthy: null, interrupted: true });
    expect(process.listenerCount(signal)).toBe(0);
  } finally {
    for (const other of others) process.on(signal, other);
    for (const socket of asked) socket.destroy();
    silent.close();
  }
});

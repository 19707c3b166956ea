import { docker, engine, image, uniqueName } from './platform.ts';

/** It needs four seconds to stop. */
const command = [
  'node',
  '-e',
  "process.on('SIGTERM', () => setTimeout(process.exit, 4000)); setInterval(() => {}, 1000)",
];
const api = { name: uniqueName(), restartPolicy: { name: 'always', maximumRetryCount: 0 } } as const;

beforeAll(async () => {
  const container = await docker.createContainer({ name: api.name, Image: image, Cmd: command });
  await container.start();
});
afterAll(() => docker.getContainer(api.name).remove({ force: true }));

const stateOf = async () => (await docker.getContainer(api.name).inspect()).State;

test('a stop that the engine still carries out for a dead caller: its undo ends with the container running', async () => {
  const { StartedAt: before } = await stateOf();
  await docker.getContainer(api.name).update({ RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } });
  const abandoned = docker.getContainer(api.name).stop({ t: 10 });
  await engine.startContainers([api], { stopGraceSeconds: 10 });
  await abandoned;
  await engine.awaitHealthy([api.name], { timeoutSeconds: 20, settleSeconds: 1 });
  const { Running, StartedAt } = await stateOf();
  expect(Running).toBe(true);
  expect(StartedAt > before).toBe(true);
});

test('a cancelled stop is over when the container has stopped, not before', async () => {
  const cancel = new AbortController();
  // The first progress comes after a second, in the middle of the stop.
  const watch = { signal: cancel.signal, onProgress: () => cancel.abort() };
  expect(await engine.stopContainers([api], 10, watch)).toMatchObject([{ outcome: 'stopped', exitCode: 0 }]);
  expect((await stateOf()).Running).toBe(false);
});

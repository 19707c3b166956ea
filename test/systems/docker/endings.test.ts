import { docker, engine, failureOf, image, uniqueName } from './platform.ts';

test('a container that exits and stays down is unhealthy at once', async () => {
  const name = uniqueName();
  const container = await docker.createContainer({ name, Image: image, Cmd: ['sh', '-c', 'echo password; exit 3'] });
  try {
    await container.start();
    const failure = await failureOf(engine.awaitHealthy([name], { timeoutSeconds: 30, settleSeconds: 5 }));
    expect(failure.kind).toBe('ServiceUnhealthy');
    expect(failure.message).toContain('exit code 3');
    expect(failure.message).not.toContain('password');
    expect(failure.remedy).toContain(`docker logs --tail 50 ${name}`);
  } finally {
    await container.remove({ force: true });
  }
});

test('a container that does not stop in time is killed: 137', async () => {
  const name = uniqueName();
  const container = await docker.createContainer({
    name,
    Image: image,
    Cmd: ['node', '-e', 'setInterval(() => {}, 9)'],
  });
  await container.start();
  const policy = { name: 'no' as const, maximumRetryCount: 0 };
  const stopped = await engine.stopContainers([{ name, restartPolicy: policy }], 1);
  expect(stopped).toEqual([{ name, outcome: 'stopped', exitCode: 137 }]);
  expect(await engine.removeContainers([name])).toEqual([{ name, outcome: 'removed' }]);
});

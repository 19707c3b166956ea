import { expect, onTestFinished, test } from 'vitest';
import { ifThere } from '../../../systems/docker/failures.ts';
import { docker, engine, failureOf, image, uniqueName } from './platform.ts';

function side(script: string, name = uniqueName()) {
  onTestFinished(async () => {
    await ifThere(docker.getContainer(name).remove({ force: true }));
  });
  return {
    name,
    image,
    entrypoint: ['sh', '-c', script],
    arguments: ['sh', 'first'],
    environment: { GREETING: 'hello' },
    network: 'bridge',
    labels: { 'rekindle.run': name },
  };
}

const isThere = async (name: string): Promise<boolean> =>
  (await ifThere(docker.getContainer(name).inspect())) !== undefined;

test('exit code and output are returned, and the container is removed', async () => {
  const spec = side('echo "$GREETING $1"; seq 1 30 >&2; exit 4');
  const lines: string[] = [];
  const result = await engine.runContainer(spec, { onLine: (line) => lines.push(line) });
  expect(result.exitCode).toBe(4);
  expect(lines).toHaveLength(31);
  expect(lines).toContain('hello first');
  expect(result.lastLines).toEqual(lines.slice(-20));
  expect(await isThere(spec.name)).toBe(false);
});

test('one that runs already is followed, not run twice', async () => {
  const spec = side('echo begun; sleep 1; echo done');
  const container = await docker.createContainer({
    name: spec.name,
    Image: image,
    Entrypoint: spec.entrypoint,
    Labels: spec.labels,
  });
  await container.start();
  const { StartedAt } = (await container.inspect()).State;
  expect(StartedAt).not.toBe('');
  const result = await engine.runContainer({ ...spec, entrypoint: ['sh', '-c', 'echo other'] });
  expect(result).toEqual({ exitCode: 0, lastLines: ['begun', 'done'] });
});

test('one that was created and never started is made anew', async () => {
  const spec = side('echo new');
  await docker.createContainer({ name: spec.name, Image: image, Cmd: ['sh', '-c', 'echo old'], Labels: spec.labels });
  expect(await engine.runContainer(spec)).toEqual({ exitCode: 0, lastLines: ['new'] });
});

test("somebody else's container of that name is left alone", async () => {
  const spec = side('true');
  await docker.createContainer({ name: spec.name, Image: image, Cmd: ['node'] });
  expect(await failureOf(engine.runContainer(spec))).toMatchObject({ kind: 'ContainerFailed' });
  expect(await isThere(spec.name)).toBe(true);
});

test('cancelled, it is stopped and removed', async () => {
  const spec = side('trap "exit 0" TERM; echo up; while :; do sleep 0.1; done');
  const cancel = new AbortController();
  const reason = new Error('cancelled');
  const work = engine.runContainer(spec, { signal: cancel.signal, onLine: () => cancel.abort(reason) });
  await expect(work).rejects.toBe(reason);
  expect(await isThere(spec.name)).toBe(false);
});

test('progress is told while it runs', async () => {
  const spec = side('sleep 1');
  const notes: string[] = [];
  await engine.runContainer(spec, { onProgress: ({ note }) => notes.push(note) });
  expect(notes[0]).toBe(spec.name);
});

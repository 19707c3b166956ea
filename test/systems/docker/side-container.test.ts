import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDocker } from '../../../systems/docker/engine.ts';
import { ifThere } from '../../../systems/docker/failures.ts';
import { docker, engine, failureOf, image, uniqueName } from './platform.ts';
import { useAtEnd } from '../../at-end.ts';

const atTestEnd = useAtEnd();

function side(script: string, name = uniqueName()) {
  atTestEnd(async () => {
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

test('one that was created and never started is created again', async () => {
  const spec = side('echo new');
  await docker.createContainer({ name: spec.name, Image: image, Cmd: ['sh', '-c', 'echo old'], Labels: spec.labels });
  expect(await engine.runContainer(spec)).toEqual({ exitCode: 0, lastLines: ['new'] });
});

test('another container of that name is left alone', async () => {
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

test('progress is reported while it runs', async () => {
  const spec = side('sleep 1');
  const notes: string[] = [];
  await engine.runContainer(spec, { onProgress: ({ note }) => notes.push(note) });
  expect(notes[0]).toBe(spec.name);
});

test('an engine that goes away while it runs: it is removed once the engine is back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rkt-'));
  const path = join(folder, 'docker.sock');
  let away = false;
  const open = new Set<Socket>();
  const gate = createServer((socket) => {
    if (away) return void socket.destroy();
    const real = connect('/var/run/docker.sock');
    for (const end of [socket, real]) {
      open.add(end.on('error', () => undefined).on('close', () => open.delete(end)));
    }
    socket.pipe(real).pipe(socket);
  }).listen(path);
  atTestEnd(async () => {
    gate.close();
    await rm(folder, { recursive: true });
  });
  const spec = side('echo begun; sleep 300');
  const onLine = () => {
    away = true;
    for (const socket of open) socket.destroy();
    setTimeout(() => (away = false), 1500);
  };
  const run = connectDocker({ host: `unix://${path}` }).runContainer(spec, { onLine });
  expect(await failureOf(run)).toMatchObject({ kind: 'DockerUnreachable' });
  expect(await isThere(spec.name)).toBe(false);
});

import { execIn } from '../../../stack/exec-in.ts';
import { storeContainer } from '../../../systems/docker/streamed/store-container.ts';
import { startContainer, type StartedContainer } from '../start-container.ts';
import { waitFor } from '../../wait-for.ts';
import { docker, image } from './platform.ts';

let started: StartedContainer;
beforeAll(async () => {
  started = await startContainer(image, { command: ['sleep', '3600'] });
});
afterAll(async () => {
  await started.remove();
});

const inside = () => storeContainer(docker, started.name);
const shell = (script: string) => ({ command: ['sh', '-c', script], what: 'The test' });

async function lengthOf(pieces: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const piece of pieces) length += piece.length;
  return length;
}

/** Whether a `sleep` of so many seconds runs in the container. */
async function sleeps(seconds: number): Promise<boolean> {
  const { stdout } = await execIn(docker.getContainer(started.name), [
    'sh',
    '-c',
    'cat /proc/[0-9]*/cmdline | tr "\\0" " "',
  ]);
  return stdout.includes(`sleep ${seconds} `);
}

test('output of any size arrives, without what was said next to it', async () => {
  const script = 'echo begun >&2; head -c 20000000 /dev/zero; echo ended >&2';
  expect(await lengthOf(inside().outputOf(shell(script)))).toBe(20_000_000);
});

test('a command that fails behind its output throws, with its last line', async () => {
  const reading = lengthOf(inside().outputOf(shell('echo half; echo "no room" >&2; exit 3')));
  await expect(reading).rejects.toThrow(/ended with exit code 3: no room$/);
});

test('who stops reading ends the command', async () => {
  for await (const _ of inside().outputOf(shell('echo first; exec sleep 4711'))) break;
  await waitFor(async () => expect(await sleeps(4711)).toBe(false), { timeout: 10_000 });
});

test('input of any size arrives; one that breaks off ends the command before its input', async () => {
  async function* zeroes(count: number, then?: Error): AsyncGenerator<Uint8Array> {
    for (let number = 0; number < count; number++) yield await Promise.resolve(Buffer.alloc(100_000));
    if (then) throw then;
  }
  expect((await inside().feed(shell('wc -c'), zeroes(100))).trim()).toBe('10000000');
  const script = 'cat > /tmp/taken; echo complete > /tmp/complete';
  await expect(inside().feed(shell(script), zeroes(100, new Error('cut off')))).rejects.toThrow('cut off');
  const { exitCode } = await execIn(docker.getContainer(started.name), ['test', '-e', '/tmp/complete']);
  expect(exitCode).toBe(1);
});

test('a session is held until it is released', async () => {
  const held = await inside().hold(
    shell('read line; echo "got $line"; cat > /dev/null; echo left > /tmp/left'),
    'it\n',
  );
  expect(held.line).toBe('got it');
  await held.release();
  const { stdout } = await execIn(docker.getContainer(started.name), ['cat', '/tmp/left']);
  expect(stdout).toBe('left\n');
});

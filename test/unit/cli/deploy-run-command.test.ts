import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../../cli/deploy/run-command.ts';
import { waitFor } from '../../wait-for.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'rekindle-deploy-'))));
afterEach(() => rm(folder, { recursive: true }));

const node = (script: string, ...args: string[]) => [process.execPath, '-e', script, ...args];
const run = (command: string[], terminal = false) => runCommand(command, { json: true, terminal });

test('its exit code is noted; words and environment arrive as they are', async () => {
  expect(await run(node('process.exit(0)'))).toBe(0);
  expect(await run(node('process.exit(7)'))).toBe(7);
  const file = join(folder, 'said');
  const script = `require('node:fs').writeFileSync(process.argv[1], process.argv[2] + process.env.HOME)`;
  expect(await run(node(script, file, "it's --json; "))).toBe(0);
  expect(await readFile(file, 'utf8')).toBe(`it's --json; ${process.env['HOME']}`);
});

test('ended by a signal: 128 and more, as shells count', async () => {
  expect(await run(node(`process.kill(process.pid, 'SIGKILL')`))).toBe(137);
});

test('a program that is not there: bad input', async () => {
  await expect(run([join(folder, 'nothing')])).rejects.toMatchObject({
    kind: 'InvalidArgument',
    message: expect.stringMatching(/nothing cannot be run: ENOENT/) as string,
  });
});

/** Ends with 40 by SIGINT and with 41 by SIGTERM; writes the file when it listens. */
const listening = `
  process.on('SIGINT', () => process.exit(40)).on('SIGTERM', () => process.exit(41));
  require('node:fs').writeFileSync(process.argv[1], '');
  setTimeout(() => undefined, 60_000);`;

async function signalled(signals: NodeJS.Signals[], terminal = false): Promise<number> {
  // The test runner listens for the same signals: they are none of this test's.
  const others = signals.map((signal) => [signal, process.listeners(signal)] as const);
  for (const signal of signals) process.removeAllListeners(signal);
  try {
    const file = join(folder, 'listens');
    const ended = run(node(listening, file), terminal);
    await waitFor(() => readFile(file), { timeout: 30_000 });
    for (const signal of signals) process.emit(signal);
    const exitCode = await ended;
    expect(signals.map((signal) => process.listenerCount(signal))).toEqual(signals.map(() => 0));
    return exitCode;
  } finally {
    for (const [signal, listeners] of others) for (const one of listeners) process.on(signal, one);
  }
}

test('SIGINT and SIGTERM are passed on', async () => {
  expect(await signalled(['SIGINT'])).toBe(40);
  await rm(join(folder, 'listens'));
  expect(await signalled(['SIGTERM'])).toBe(41);
});

test('on a terminal, which sends Ctrl-C to the program itself, it is not passed on a second time', async () => {
  expect(await signalled(['SIGINT', 'SIGTERM'], true)).toBe(41);
});

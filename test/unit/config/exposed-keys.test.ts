import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exposedKeys } from '../../../config/exposed-keys.ts';
import { makeProgram } from '../../../cli/program.ts';
import type { Toolbox } from '../../../cli/toolbox.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rkt-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(mode: number): Promise<string> {
  const file = path.join(folder, `key-${mode.toString(8)}`);
  await writeFile(file, 'a key');
  await chmod(file, mode);
  return file;
}

test.each([0o600, 0o400, 0o700])('mode %o is for its owner alone', async (mode) => {
  expect(await exposedKeys({ keyFile: await fileOf(mode) })).toEqual([]);
});

test.each([
  [0o644, '0644', 'read it'],
  [0o640, '0640', 'read it'],
  [0o604, '0604', 'read it'],
  [0o666, '0666', 'read or change it'],
])('mode %o is shown with the remedy', async (mode, written, may) => {
  const keyFile = await fileOf(mode);
  const [exposed, ...more] = await exposedKeys({ keyFile });
  expect(exposed?.what).toBe(
    `UNPROTECTED KEY FILE ${keyFile}: its mode is ${written}, so others than its owner may ${may}`,
  );
  expect(exposed?.remedy).toContain(`chmod 600 ${keyFile}`);
  expect(more).toEqual([]);
});

test('so does the key with which a gateway signs approvals', async () => {
  const file = path.join(folder, 'gateway-key.pem');
  await writeFile(file, 'a key');
  await chmod(file, 0o644);
  const [found] = await exposedKeys({ keyFile: '/nowhere/key.txt', stateFolder: folder });
  expect(found?.what).toContain(`UNPROTECTED KEY FILE ${file}`);
});

test('the payload key counts as well; a missing file, or one mounted by Docker, does not', async () => {
  const payloadKeyFile = await fileOf(0o644);
  expect(await exposedKeys({ keyFile: '/nowhere/key.txt', payloadKeyFile })).toHaveLength(1);
  expect(await exposedKeys({ keyFile: '/run/secrets/rekindle_key' })).toEqual([]);
});

test('a command warns on standard error, and goes on', async () => {
  const written: string[] = [];
  const write = process.stderr.write.bind(process.stderr);
  const before = process.env['REKINDLE_KEY_FILE'];
  process.env['REKINDLE_KEY_FILE'] = await fileOf(0o644);
  process.stderr.write = (text: string) => written.push(text) > 0;
  try {
    const made = path.join(folder, 'made.txt');
    const toolbox = {
      generateKey: (file: string) => Promise.resolve({ file, recipient: 'age1' }),
    } as unknown as Toolbox;
    let exitCode: number | undefined;
    await makeProgram(toolbox, (code) => (exitCode = code), '0.0.0').parseAsync([
      'node',
      'rekindle',
      'keygen',
      made,
      '--json',
    ]);
    expect(exitCode).toBe(0);
    expect(written.join('')).toMatch(/WARNING: UNPROTECTED KEY FILE .*key-644: .*0644.*\n→ chmod 600/);
  } finally {
    process.stderr.write = write;
    if (before === undefined) delete process.env['REKINDLE_KEY_FILE'];
    else process.env['REKINDLE_KEY_FILE'] = before;
  }
});

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportCommand } from '../../../cli/commands/export.ts';
import { importCommand } from '../../../cli/commands/import.ts';
import { runCommand } from '../../run-command.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rka-command-'));
});
afterEach(() => rm(folder, { recursive: true }));

test.each(['0', '10kB', 'large', '-1GB'])('--split %s is bad input, before anything is opened', async (split) => {
  const { failure } = await runCommand({}, exportCommand, ['nuvla', 'latest'], { output: 'x.tgz', split });
  expect(failure).toMatchObject({ kind: 'InvalidArgument', message: `--split "${split}" is no size of a part` });
});

test('import needs to know where to, and a file', async () => {
  const file = join(folder, 'x.tgz');
  expect((await runCommand({}, importCommand, [file], {})).failure).toMatchObject({ kind: 'InvalidArgument' });
  const missing = await runCommand({}, importCommand, [file], { check: true });
  expect(missing.failure).toMatchObject({
    kind: 'ArchiveRefused',
    message: expect.stringContaining('There is no archive') as string,
  });
});

test('what is no archive is refused with nothing written', async () => {
  const file = join(folder, 'x.tgz');
  await writeFile(file, 'not an archive');
  const variables = { REKINDLE_PLATFORMS: join(folder, 'platforms') };
  const { failure } = await runCommand(variables, importCommand, [file], { to: join(folder, 'to') });
  expect(failure).toMatchObject({ kind: 'ArchiveRefused', message: expect.stringContaining(file) as string });
  expect(await readdir(folder)).toEqual(['x.tgz']);
});

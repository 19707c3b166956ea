import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { CommandContext } from '../../../cli/command.ts';
import { scriptAsked } from '../../../cli/script.ts';
import { readEnvironment } from '../../../config/environment.ts';
import { rememberSecret } from '../../../config/redaction.ts';
import { recordedOutput } from '../../recorded-output.ts';
import { planOf } from '../domain/plan-queries.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rekindle-script-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes the script of a plan of the demo platform, whose repository has this base path. */
async function write(basePath: string, file: string): Promise<void> {
  const repository = { name: 's3_backup', type: 's3', settings: { bucket: 'snapshots', base_path: basePath } };
  const platform = {
    platform: 'demo',
    deployment: { kind: 'compose', project: 'demo', data: ['elasticsearch'] },
    stores: [{ name: 'documents', kind: 'elasticsearch', service: 'elasticsearch', repository }],
    catalogue: { kind: 'directory', path: folder },
  };
  await writeFile(join(folder, 'demo.yaml'), stringify(platform));
  const context = {
    environment: readEnvironment({ REKINDLE_PLATFORMS: folder }),
    output: recordedOutput().output,
  } as CommandContext;
  const plan = { ...planOf(), hash: 'c0ffee' };
  plan.steps = plan.steps
    .filter(({ action }) => action === 'configureRepository')
    .map((step) => ({ ...step, after: [] }));
  await scriptAsked({ script: file, dryRun: true }, context, 'rekindle restore demo')(plan);
}

test('the plan of a dry run is written; a secret that was written into the platform file does not get any further', async () => {
  const file = join(folder, 'restore.sh');
  await write('nightly', file);
  expect(await readFile(file, 'utf8')).toContain('nightly');
  rememberSecret('correct-horse-battery');
  const refused = join(folder, 'refused.sh');
  await expect(write('correct-horse-battery', refused)).rejects.toMatchObject({
    kind: 'InvalidPlatformFile',
    message: expect.stringContaining('holds the value of a secret') as string,
  });
  expect(existsSync(refused)).toBe(false);
});

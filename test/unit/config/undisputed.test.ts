import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPlatform } from '../../../config/platform-file.ts';
import { assertUndisputed } from '../../../config/undisputed.ts';
import { changed } from './platform-file-samples.ts';

type Change = [place: (string | number)[], value: unknown];

const renamed = (change: Change): string => changed(...change).replace('platform: demo\n', 'platform: other\n');
const ownProject: Change = [['deployment', 'project'], 'other'];
const settings = ['stores', 0, 'repository', 'settings'];

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'platforms-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Beside `demo`, whose repository is the bucket "snapshots", another platform; and whether `demo` may be worked on. */
async function beside(other: string, demo = changed(['smoke'], [])): Promise<string> {
  await writeFile(join(folder, 'demo.yaml'), demo);
  await writeFile(join(folder, 'other.yaml'), other);
  const { platform } = await loadPlatform(folder, 'demo', {});
  return assertUndisputed(folder, platform, { environment: {}, host: 'machine' }).then(
    () => 'undisputed',
    (error: unknown) => (error as Error).message,
  );
}

/** Another project whose repository has these settings. */
const withRepository = (given: object) => renamed([settings, given]).replace('project: demo\n', 'project: other\n');

test('two files that name one Compose project on one host are refused, both named', async () => {
  const message = await beside(renamed([['deployment', 'host'], 'machine']));
  expect(message).toContain(join(folder, 'demo.yaml'));
  expect(message).toContain('other.yaml both name the Compose project "demo"');
});

test('the same project on another host is another one', async () => {
  const other = withRepository({ bucket: 'b' }).replace('project: other\n', 'project: demo\n  host: elsewhere\n');
  expect(await beside(other)).toBe('undisputed');
});

test('two files that name one bucket and base_path are refused', async () => {
  expect(await beside(renamed(ownProject))).toContain('both name the bucket "snapshots", base_path ""');
  const at = { bucket: 'snapshots', base_path: '/es/', endpoint: 'https://S3.example.org/' };
  const demo = changed(settings, { bucket: 'snapshots', base_path: 'es', endpoint: 's3.example.org' });
  expect(await beside(withRepository(at), demo)).toContain('bucket "snapshots" at s3.example.org, base_path "es"');
});

test.each([
  ['another base_path', { bucket: 'snapshots', base_path: 'other' }],
  ['another bucket', { bucket: 'of-another' }],
  ['another server', { bucket: 'snapshots', endpoint: 's3.example.org' }],
])('%s is another place', async (_, given) => {
  expect(await beside(withRepository(given))).toBe('undisputed');
});

test('a file that cannot be used takes nothing away', async () => {
  expect(await beside('platform: [')).toBe('undisputed');
});

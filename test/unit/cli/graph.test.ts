import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { backup } from '../../../cli/commands/backup.ts';
import { prune } from '../../../cli/commands/prune.ts';
import { rebuild } from '../../../cli/commands/rebuild.ts';
import { restore } from '../../../cli/commands/restore.ts';
import { rollback } from '../../../cli/commands/rollback.ts';
import { status } from '../../../cli/commands/status.ts';
import type { Command, Options } from '../../../cli/command.ts';
import type { Plan } from '../../../domain/plans/plan.ts';
import { createKeyFile } from '../../../systems/encryption/key-file.ts';
import { runCommand } from '../../run-command.ts';
import { writtenCatalogue } from '../../systems/gateway/catalogue.ts';
import { parseXml, elementsOf } from '../drawing/xml.ts';

// There is neither a Temporal nor an engine where these commands are told to look for them.

let folder: string;
const nowhere = '127.0.0.1:1';
const run = (command: Command, args: string[], options: Options) =>
  runCommand(
    {
      REKINDLE_PLATFORMS: join(folder, 'platforms'),
      REKINDLE_KEY_FILE: join(folder, 'key.txt'),
      TEMPORAL_ADDRESS: nowhere,
      DOCKER_HOST: `tcp://${nowhere}`,
    },
    command,
    args,
    options,
  );
const drawn = (name: string) => readFile(join(folder, name), 'utf8');
const stepsIn = (svg: string) =>
  elementsOf(parseXml(svg), 'g').filter(({ attributes }) => attributes['class']?.startsWith('step'));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rekindle-graph-'));
  for (const name of ['platforms', 'catalogue']) await mkdir(join(folder, name));
  const repository = { name: 's3_backup', type: 's3', settings: {} };
  const file = {
    platform: 'nuvla',
    deployment: { kind: 'compose', project: 'nuvla', data: ['elasticsearch'] },
    stores: [{ name: 'documents', kind: 'elasticsearch', service: 'elasticsearch', repository }],
    catalogue: { kind: 'directory', path: join(folder, 'catalogue') },
    backup: { retention: { hourly: 1, minimumCount: 1 } },
  };
  await writeFile(join(folder, 'platforms', 'nuvla.yaml'), stringify(file));
  await createKeyFile(join(folder, 'key.txt'));
});
afterEach(() => rm(folder, { recursive: true }));

test('backup --dry-run shows and draws the plan, and claims nothing', async () => {
  const file = join(folder, 'plan.svg');
  const { exitCode, said, documents } = await run(backup, ['nuvla'], { dryRun: true, graph: file });
  expect(exitCode).toBe(0);
  const [{ plan }] = documents as [{ plan: Plan }];
  expect(plan.steps.map(({ id }) => id)).toEqual([
    'prepare-documents',
    'snapshot-documents',
    'verify-documents',
    'capture-deployment',
    'clear-unfinished',
    'publish',
  ]);
  expect(said).toContain(`Plan drawn: ${file}`);
  expect(said).toMatch(/Plan: backup of nuvla .*\n.*1 {2}prepare store documents/);
  expect(stepsIn(await drawn('plan.svg'))).toHaveLength(6);
  expect(await readdir(join(folder, 'catalogue'), { recursive: true })).toEqual([]);
});

test('backup --dry-run without a key is bad input, as the backup itself', async () => {
  await rm(join(folder, 'key.txt'));
  expect((await run(backup, ['nuvla'], { dryRun: true })).failure?.kind).toBe('MissingKey');
});

test('prune --dry-run has a plan in its document, and draws it', async () => {
  const written = writtenCatalogue(join(folder, 'catalogue'), 'nuvla');
  for (const hours of [1, 30, 60]) await written.passes(hours * 3600);
  const before = await readdir(join(folder, 'catalogue'), { recursive: true });
  const { exitCode, documents } = await run(prune, ['nuvla'], { dryRun: true, graph: join(folder, 'prune.mmd') });
  expect(exitCode).toBe(0);
  expect((documents as [{ plan: Plan }])[0].plan).toMatchObject({ kind: 'prune', platform: 'nuvla' });
  expect(await drawn('prune.mmd')).toContain('mark deleting of 2 recovery points');
  expect(await readdir(join(folder, 'catalogue'), { recursive: true })).toEqual(before);
});

test('the file is replaced as a whole, and nothing is left beside it', async () => {
  await writeFile(join(folder, 'PLAN.DOT'), 'old');
  await run(backup, ['nuvla'], { dryRun: true, graph: join(folder, 'PLAN.DOT') });
  expect(await drawn('PLAN.DOT')).toMatch(/^digraph plan \{/);
  expect((await readdir(folder)).toSorted()).toEqual(['PLAN.DOT', 'catalogue', 'key.txt', 'platforms']);
});

test.each(['missing/plan.svg', 'taken.svg'])('%s cannot be written: bad input, with the reason', async (name) => {
  await mkdir(join(folder, 'taken.svg'));
  const { failure, documents } = await run(backup, ['nuvla'], { dryRun: true, graph: join(folder, name) });
  expect(failure?.kind).toBe('InvalidArgument');
  expect(failure?.message).toMatch(new RegExp(`^--graph .*${name} cannot be written: `));
  expect(documents).toEqual([]);
  expect((await readdir(folder)).toSorted()).toEqual(['catalogue', 'key.txt', 'platforms', 'taken.svg']);
});

const commands = { restore, backup, rebuild, prune, rollback };

test.each(Object.entries(commands))('%s: an unknown ending is refused before anything is done', async (_, command) => {
  const { failure } = await run(command, ['no-such-platform'], { dryRun: true, graph: 'plan.png' });
  expect(failure).toMatchObject({
    kind: 'InvalidArgument',
    message: "--graph plan.png: the file's ending says how the plan is drawn, and must be .svg, .dot or .mmd",
  });
});

test.each(Object.entries(commands))('%s: --graph needs --dry-run', async (name, command) => {
  const { failure } = await run(command, ['nuvla'], { graph: 'plan.svg' });
  expect(failure).toMatchObject({
    kind: 'InvalidArgument',
    remedy: `rekindle ${name} nuvla --dry-run --graph plan.svg`,
  });
});

test('status --graph draws one run', async () => {
  const { failure } = await run(status, [], { graph: 'plan.svg' });
  expect(failure?.message).toBe('--graph draws the plan of one run, and no run was named');
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { restore } from '../../../cli/commands/restore.ts';
import { status } from '../../../cli/commands/status.ts';
import type { Options } from '../../../cli/command.ts';
import { renderFleet } from '../../../cli/render/fleet.ts';
import pc from 'picocolors';
import type { FleetProgress } from '../../../domain/fleet/fleet.ts';
import { runCommand } from '../../run-command.ts';
import { writtenCatalogue } from '../../systems/gateway/catalogue.ts';
import { member } from '../domain/fleet/members.ts';

// What is refused before anything is started, and the dry run: there is no Temporal and no engine where they are looked for.

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rekindle-fleet-'));
});
afterEach(() => rm(folder, { recursive: true }));

const variables = () => ({
  REKINDLE_PLATFORMS: folder,
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  DOCKER_HOST: 'tcp://127.0.0.1:1',
});
const run = (options: Options, args: string[] = []) =>
  runCommand(variables(), restore, args, { by: 'ann', ...options });

async function platform(name: string): Promise<void> {
  const path = join(folder, `${name}-catalogue`);
  await mkdir(path);
  writtenCatalogue(path, name);
  const repository = { name: 'backup', type: 's3', settings: { bucket: 'backups', base_path: name } };
  const file = {
    platform: name,
    deployment: { kind: 'compose', project: name, data: ['elasticsearch'] },
    stores: [{ name: 'documents', kind: 'elasticsearch', service: 'elasticsearch', repository }],
    catalogue: { kind: 'directory', path },
  };
  await writeFile(join(folder, `${name}.yaml`), stringify(file));
}

async function fleetFile(text: string): Promise<string> {
  const file = join(folder, 'fleet.conf');
  await writeFile(file, text);
  return file;
}

test('neither a platform nor a fleet', async () => {
  expect((await run({})).failure).toMatchObject({ kind: 'InvalidArgument', message: /No platform is named/ as never });
});

test.each<[string, Options, string[], RegExp]>([
  ['a platform beside it', {}, ['nuvla'], /"nuvla" was named beside --fleet/],
  [
    'a point of one platform',
    { point: '2026-11-21t1000z' },
    [],
    /--point "2026-11-21t1000z" is a recovery point of one/,
  ],
  ['a time that is none', { before: 'noon' }, [], /--before "noon" is not a time/],
  ['a graph', { graph: 'plan.svg' }, [], /--graph draws the plan of one platform/],
  ['a file that is not there', { fleet: '/nowhere/fleet.yaml' }, [], /\/nowhere\/fleet.yaml cannot be read as a fleet/],
])('%s', async (_, options, args, message) => {
  const file = await fleetFile('{ fleet: all, platforms: [nuvla] }');
  const { failure } = await run({ fleet: file, ...options }, args);
  expect(failure?.message).toMatch(message);
});

test('through a gateway', async () => {
  const { failure } = await runCommand({ ...variables(), REKINDLE_GATEWAY_URL: 'http://127.0.0.1:1' }, restore, [], {
    by: 'ann',
    fleet: 'fleet.yaml',
  });
  expect(failure?.message).toBe('--fleet does not work through a gateway');
});

test('platform files that cannot be used: all of them at once, before anything is started', async () => {
  await writeFile(join(folder, 'one.yaml'), 'platform: [');
  await writeFile(join(folder, 'two.yaml'), 'platform: other');
  const { failure } = await run({ fleet: await fleetFile("{ fleet: all, platforms: ['*'] }") });
  expect(failure?.kind).toBe('InvalidPlatformFile');
  expect(failure?.message).toMatch(/2 platform files cannot be used:[^]*one\.yaml[^]*two\.yaml/);
});

test('the dry run: every platform in its wave, with the reason where there is no plan', async () => {
  for (const name of ['shop-at', 'shop-ch']) await platform(name);
  const file = await fleetFile("{ fleet: shops, platforms: ['shop-*'], canaries: [shop-ch] }");
  const { exitCode, said, documents } = await run({ fleet: file, dryRun: true });
  expect(exitCode).toBe(3);
  expect(said).toMatch(/1 +shop-ch +\S+ +\? +- +\? +.*Docker/);
  expect(said).toMatch(/Wave 2 would be approved by [0-9a-f]{64}/);
  expect(documents).toMatchObject([
    {
      fleet: 'shops',
      members: [
        { platform: 'shop-ch', wave: 1, state: 'failed', repositories: ['s3:backups'] },
        { platform: 'shop-at', wave: 2 },
      ],
    },
  ]);
});

test('the table of a fleet: why each waits, what a running one is at, and what to type', () => {
  const waveHash = 'a'.repeat(64);
  const progress: FleetProgress = {
    fleet: 'shops',
    phase: 'running',
    startedAt: '2026-11-21T10:00:00.000Z',
    approval: 'each',
    limits: { overall: 1 },
    stopWhenFailed: { count: 1 },
    wave: { number: 1, of: 2 },
    words: [{ word: 'paused', by: 'ann', at: '2026-11-21T10:01:00.000Z', reason: 'lunch' }],
    members: [
      member('a', { state: 'running', run: 'restore/a/1', bytes: 1_400_000_000 }),
      member('b', { plan: { hash: 'b'.repeat(64), downtimeSeconds: 70 } }),
      member('c', { wave: 2, state: 'skipped', reason: 'another run holds it' }),
    ],
  };
  const colour = { colour: pc.createColors(false) };
  const said = renderFleet(progress, colour, new Map([['restore/a/1', 'waiting for approval']]));
  expect(said).toMatch(/1 +a +one +1\.4 GB +- +running \(waiting for approval\) +restore\/a\/1/);
  expect(said).toMatch(/1 +b +one +\? +bbbbbbbbbbbb \(1 min 10 s down\) +waiting +1 platforms are worked on/);
  expect(said).toMatch(/2 +c .* skipped +another run holds it/);
  expect(said).toContain('paused by ann at 2026-11-21T10:01:00.000Z: lunch');
  const waits = renderFleet({ ...progress, phase: 'waiting for approval', waveHash }, colour, new Map());
  expect(waits).toContain(`→ approve the wave: rekindle fleet approve shops --hash ${waveHash}`);
  expect(renderFleet({ ...progress, phase: 'held' }, colour, new Map())).toContain('rekindle fleet resume shops');
});

test('status --fleet: every platform in a row, or those of a fleet file', async () => {
  for (const name of ['nuvla', 'shop-at']) await platform(name);
  await writtenCatalogue(join(folder, 'shop-at-catalogue'), 'shop-at').passes(600);
  const all = await runCommand(variables(), status, [], { fleet: true });
  expect(all.exitCode).toBe(1);
  expect(all.said).toMatch(/nuvla +none +- +- +\? +\? +- +nuvla has no good recovery point/);
  expect(all.said).toMatch(/shop-at +good +10 min old/);
  expect(all.said).toContain('2 platforms, 1 well, 1 not');
  const file = await fleetFile("{ fleet: shops, platforms: ['shop-*'] }");
  const shops = await runCommand(variables(), status, [], { fleet: file });
  expect(shops).toMatchObject({ exitCode: 0, documents: [{ platforms: [{ platform: 'shop-at' }] }] });
  expect((await runCommand(variables(), status, ['nuvla'], { fleet: true })).failure?.kind).toBe('InvalidArgument');
});

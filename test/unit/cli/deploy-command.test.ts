import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploy } from '../../../cli/commands/deploy.ts';
import type { Options } from '../../../cli/command.ts';
import { makeProgram } from '../../../cli/program.ts';
import type { Toolbox } from '../../../cli/toolbox.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { runCommand } from '../../run-command.ts';
import { useState } from '../gateway/access-scene.ts';
import { openApiScene } from '../gateway/api/api-scene.ts';
import { waiting } from '../gateway/api/fake-desk.ts';

useState();

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'rekindle-deploy-'))));
afterEach(() => rm(folder, { recursive: true }));

const point = '2026-11-21t0930z';
const wayBack = `rekindle restore nuvla --point ${point}`;
const passed: Partial<RunProgress> = {
  kind: 'backup',
  phase: 'passed',
  verdict: 'pass',
  recoveryPoint: { id: point, startedAt: '2026-11-21T09:30:00.000Z' },
};

/** A backup that ends so, then a command that leaves a file and ends with this exit code. */
async function deployed(ends: Partial<RunProgress>, exitCode: number, options: Options = {}) {
  const scene = await openApiScene();
  scene.desk.progress = { ...waiting, ...ends };
  const file = join(folder, 'ran');
  const script = `require('node:fs').writeFileSync(process.argv[1], ''); process.exit(${exitCode})`;
  const command = [process.execPath, '-e', script, file];
  const variables = { REKINDLE_GATEWAY_URL: scene.url, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const end = await runCommand(variables, deploy, ['nuvla', ...command], options);
  return { ...end, command, ran: existsSync(file), journal: scene.desk.journal };
}

test('all is well: the point, and exit code 0', async () => {
  const { exitCode, documents, said, command, ran, journal } = await deployed(passed, 0, { waitHealth: false });
  expect({ exitCode, ran }).toEqual({ exitCode: 0, ran: true });
  expect(documents).toEqual([{ platform: 'nuvla', point, command, exitCode: 0, healthy: null }]);
  expect(said).toContain(`recovery point from before the deployment: ${point}`);
  expect(journal).toEqual([expect.stringMatching(/^start backup .*"reason":"before a deployment"/)]);
});

test('the command fails: the way back', async () => {
  const { exitCode, documents, said, command } = await deployed(passed, 3);
  expect(exitCode).toBe(1);
  const failure = { kind: 'CommandFailed', message: expect.stringContaining('ended with exit code 3') as string };
  expect(documents).toMatchObject([{ point, command, exitCode: 3, healthy: null, failure, wayBack }]);
  expect(said).toContain(`The way back: ${wayBack}`);
});

test('health that cannot be asked for has not passed, and says so', async () => {
  const { exitCode, documents, said } = await deployed(passed, 0);
  expect(exitCode).toBe(1);
  expect(documents).toMatchObject([{ exitCode: 0, healthy: null, failure: { kind: 'HostWorkerMissing' }, wayBack }]);
  expect(said).toContain('cannot be told through a gateway');
});

const red = { kind: 'ClusterRed', message: 'The cluster is red', remedy: 'Turn it green' };
const suspect = { kind: 'VerificationFailed', message: 'nuvla-job is gone', remedy: 'Accept it' };
const held = 'restore/nuvla/1 holds nuvla; no backup was taken';
const ends: [Partial<RunProgress>, object][] = [
  [
    { phase: 'skipped', note: held },
    { kind: 'PlatformBusy', message: `${held}; the command was not run` },
  ],
  [
    { phase: 'refused', failure: red },
    { ...red, message: 'The cluster is red; the command was not run' },
  ],
  [
    { phase: 'failed', verdict: 'fail', failure: suspect },
    { kind: 'VerificationFailed', remedy: 'Accept it' },
  ],
  [{ phase: 'cancelled' }, { kind: 'RunFailed' }],
];
test.each(ends)('without a good recovery point the command is not run: %j', async (end, failure) => {
  expect(await deployed({ ...passed, ...end }, 0)).toMatchObject({ failure, ran: false, documents: [] });
});

test('bad input: nothing is done', async () => {
  const variables = { REKINDLE_PLATFORMS: folder, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const failureOf = async (args: string[], options?: Options) =>
    (await runCommand(variables, deploy, args, options)).failure;
  expect(await failureOf(['nuvla'])).toMatchObject({
    kind: 'InvalidArgument',
    remedy: 'Name what deploys: rekindle deploy nuvla -- docker compose up -d',
  });
  expect(await failureOf(['nuvla', 'true'])).toMatchObject({ kind: 'UnknownPlatform' });
  for (const healthTimeout of ['0', 'soon', '-1', '1.5'])
    expect((await failureOf(['nuvla', 'true'], { healthTimeout }))?.message).toContain(
      `--health-timeout ${healthTimeout}`,
    );
});

test('what follows -- belongs to the command, dashes included; an option before it belongs to rekindle', async () => {
  const scene = await openApiScene();
  scene.desk.progress = { ...waiting, ...passed };
  const file = join(folder, 'ran');
  const script = `require('node:fs').writeFileSync(process.argv[1], process.argv.slice(2).join(' '))`;
  const own = ['deploy', 'nuvla', '--gateway', scene.url, '--no-wait-health'];
  const theirs = ['--json', '-d', '--', '--health-timeout', 'soon'];
  let exitCode: number | undefined;
  const program = makeProgram({} as Toolbox, (code) => (exitCode = code), '1');
  await program.parseAsync(['node', 'rekindle', ...own, '--', process.execPath, '-e', script, file, ...theirs]);
  expect(exitCode).toBe(0);
  expect(await readFile(file, 'utf8')).toBe(theirs.join(' '));
});

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countOf, readReport } from '../../run/report.mjs';

// What a run makes of files of tests that misbehave (cases/), by the runner that also runs this file.

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'rekindle-runner-'))));
afterAll(() => rm(folder, { recursive: true }));

/** Runs a case as a project of its own; its results go to a file. */
function jest(name: string): { child: ChildProcess; ended: Promise<{ code: number | null; output: string }> } {
  const config = {
    rootDir: path('.'),
    testMatch: [`<rootDir>/cases/${name}.case.ts`],
    runner: path('../../jest/runner.mjs'),
    transform: {},
    testEnvironmentOptions: { testTimeout: 10_000, hookTimeout: 10_000, processes: 1, setUp: path('cases/set-up.ts') },
  };
  const args = ['--config', JSON.stringify(config), '--json', `--outputFile=${join(folder, 'results.json')}`];
  const child = spawn(process.execPath, [path('../../../node_modules/jest/bin/jest.js'), ...args], {
    env: { ...process.env, CASES_FOLDER: folder },
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, output })),
  );
  return { child, ended };
}

test('a file that cannot be loaded, one that ends its process, a test that fails: all of them count', async () => {
  const { code } = await jest('{not-loadable,ends-its-process,fails}').ended;
  expect(code).toBe(1);
  const { passed, failed, failures } = countOf(readReport(join(folder, 'results.json')), code);
  expect({ passed, failed }).toEqual({ passed: 1, failed: 3 });
  const all = failures.toSorted().join('\n');
  expect(all).toContain('not-loadable.case.ts: ');
  expect(all).toContain('there-is-no-such-package');
  expect(all).toContain('ends-its-process.case.ts: ');
  expect(all).toMatch(/fails\.case\.ts > fails in line 7: .*"other"/);
});

test('a failure names the line of the TypeScript file; an error that nobody caught is shown', async () => {
  const { output } = await jest('fails').ended;
  expect(output).toContain('cases/fails.case.ts:7:17');
  expect(output).not.toContain('test/jest/');
  expect(output).toContain('nobody caught it');
});

test('interrupted: the test that runs ends, no other begins, file and set-up clean up', async () => {
  const { child, ended } = jest('cleans-up');
  const running = new Promise<void>((resolve) =>
    child.stdout?.on('data', (chunk: Buffer) => chunk.includes('it runs') && resolve()),
  );
  await running;
  expect((await readdir(folder)).toSorted()).toEqual(
    expect.arrayContaining(['of-the-file', 'of-the-set-up', 'of-the-test']),
  );
  process.kill(-(child.pid ?? 0), 'SIGTERM');
  const { code } = await ended;
  expect(code).toBe(1);
  expect((await readdir(folder)).filter((name) => name.startsWith('of-'))).toEqual([]);
  expect(await readFile(join(folder, 'results.json'), 'utf8')).toContain('interrupted by SIGTERM');
});

test('errors of core modules are errors here', async () => {
  const error: unknown = await readFile('/no/such/file').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
});

import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

// cspell:ignore recieve

const settings = ['.oxlintrc.json', '.prettierrc.json', 'cspell.json', 'package.json', 'tsconfig.json'];
let clone: string;

beforeAll(() => {
  clone = mkdtempSync(path.join(tmpdir(), 'rekindle-staged-'));
  for (const file of settings) copyFileSync(file, path.join(clone, file));
  for (const folder of ['lint', '.githooks']) cpSync(folder, path.join(clone, folder), { recursive: true });
  mkdirSync(path.join(clone, 'docs'));
  copyFileSync('docs/architecture.md', path.join(clone, 'docs/architecture.md'));
  mkdirSync(path.join(clone, 'systems'));
  // Not the folder itself: the caches in it belong to this clone.
  mkdirSync(path.join(clone, 'node_modules'));
  for (const name of ['.bin', '@types', 'undici-types', 'oxlint', 'oxlint-tsgolint', 'prettier', 'typescript'])
    symlinkSync(path.resolve('node_modules', name), path.join(clone, 'node_modules', name));
  git('init', '--quiet');
  git('config', 'core.hooksPath', '.githooks');
});

afterAll(() => {
  rmSync(clone, { recursive: true, force: true });
});

function git(...args: string[]): void {
  execFileSync('git', args, { cwd: clone, stdio: 'ignore' });
}

function commit(): { exitCode: number | null; output: string } {
  const author = ['-c', 'user.name=somebody', '-c', 'user.email=somebody@example.org'];
  // A hook that runs the tests has set these for its own repository.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  const { status, stderr } = spawnSync('git', [...author, 'commit', '--message', 'test'], {
    cwd: clone,
    env,
    encoding: 'utf8',
  });
  return { exitCode: status, output: stderr };
}

const write = (file: string, text: string) => {
  writeFileSync(path.join(clone, file), text);
};

test('a commit is refused with every fault of its files, and of no others', () => {
  const faults = "import { test } from '../test/test.ts';\n// We recieve\nexport async function run() { test(); }\n";
  write('systems/unrelated.ts', faults);
  write('systems/staged.ts', faults);
  git('add', 'systems/staged.ts');
  const { exitCode, output } = commit();
  expect(exitCode).toBe(1);
  expect(output).toMatch(/✘ formatting[\s\S]*systems\/staged\.ts/);
  expect(output).toMatch(/systems\/staged\.ts:2:7 - Unknown word \(recieve\)/);
  expect(output).toMatch(/systems\/staged\.ts:3:.*require-await/);
  expect(output).toMatch(/✘ structure[\s\S]*systems\/staged\.ts: imports test\/test\.ts, which does not exist/);
  rmSync(path.join(clone, 'systems/unrelated.ts'));
}, 60_000);

test('a commit without a fault passes', () => {
  write('systems/staged.ts', 'export const run = (): number => 1;\n');
  git('add', 'systems/staged.ts');
  expect(commit()).toEqual({ exitCode: 0, output: '' });
}, 60_000);

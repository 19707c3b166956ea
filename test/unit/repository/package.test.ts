import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
};

let folder: string;
/** Where npm would have installed the package. */
let installed: string;
let files: string[];

// As npm installs it, without asking its registry: the package is unpacked, and every dependency that it names is linked.
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'rekindle-package-'));
  // Lifecycle scripts are left out: `npm test` has built dist/ before it gets here.
  const packed = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]);
  const [contents] = JSON.parse(packed.stdout) as [{ filename: string; files: { path: string }[] }];
  files = contents.files.map((file) => file.path);
  installed = path.join(folder, 'node_modules/rekindle');
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', path.join(folder, contents.filename), '--strip-components=1', '-C', installed]);
  for (const name of Object.keys(dependencies)) {
    const link = path.join(folder, 'node_modules', name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.resolve('node_modules', name), link);
  }
}, 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(command: string, args: string[], cwd?: string) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  return { exitCode: status, stdout, stderr };
}

const rekindle = (...args: string[]) =>
  run(process.execPath, [path.join(installed, 'bin/rekindle.mjs'), ...args], folder);

test('it holds what set-up builds and what an operator reads, and nothing that only a clone needs', () => {
  expect(files).toEqual(
    expect.arrayContaining([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin/rekindle.mjs',
      'deploy/prometheus-alerts.yaml',
      'dist/config/payload-encryption/failure-converter.cjs',
      'dist/program/main.js',
      'dist/workflow-bundle-encrypted.js',
      'dist/workflow-bundle.js',
      'docker-compose.yml',
      'docs/platform.schema.json',
    ]),
  );
  const others = /^(dist\/)?(bench|chaos|lint|setup|stack|test)\/|\.map$|\.built-from$|(?<!\.d)\.ts$/;
  expect(files.filter((file) => others.test(file))).toEqual([]);
});

test('whatever its files import is in it, or a dependency that it names', () => {
  // Loaded only by the demo, which the package refuses to play.
  const exempt = /^dist\/stack\//;
  const missing = files
    .filter((file) => /^dist\/.*\.c?js$/.test(file) && !file.startsWith('dist/workflow-bundle'))
    .flatMap((file) => importsOf(file).map((specifier) => ({ file, specifier })))
    .filter(({ file, specifier }) => {
      if (!specifier.startsWith('.')) return !isProvided(specifier);
      const target = path.join(path.dirname(file), specifier);
      return !files.includes(target) && !exempt.test(target);
    });
  expect(missing).toEqual([]);
});

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(installed, file), 'utf8');
  // The program holds comments and messages of packages that speak of imports; what it imports later, the compiled files import as well.
  const statements = file.startsWith('dist/program/')
    ? /^(?:import|export)\s(?:[^'";]*?\sfrom\s)?"([^"]+)"/gm
    : /^(?:import|export)\s(?:[^'";]*?\sfrom\s)?'([^']+)'|\b(?:import|require)\('([^']+)'/gm;
  return [...text.matchAll(statements)].map(([, one, other]) => one ?? other ?? '');
}

function isProvided(specifier: string): boolean {
  const [scope = '', name] = specifier.split('/');
  const needed = scope.startsWith('@') ? `${scope}/${name}` : scope;
  return specifier.startsWith('node:') || builtinModules.includes(needed) || needed in dependencies;
}

test('it runs where it was unpacked', () => {
  expect(rekindle('--help')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(rekindle('--help').stdout).toMatch(/Usage: rekindle/);
  expect(rekindle('--version')).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  const key = path.join(folder, 'key.txt');
  expect(rekindle('keygen', key)).toMatchObject({ exitCode: 0 });
  expect(existsSync(key)).toBe(true);
});

test('its demo command says where the demo is', () => {
  const { exitCode, stderr } = rekindle('demo');
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: 'This installation holds no demo platform\n→ Run "npm run demo" in a clone of the repository\n',
  });
});

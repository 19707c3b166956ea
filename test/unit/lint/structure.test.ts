import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Not written out here: lint would take it for an import of this file. */
const load = 'import';
let project: string;

beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), 'rekindle-structure-'));
  mkdirSync(path.join(project, 'docs'));
  copyFileSync('docs/architecture.md', path.join(project, 'docs/architecture.md'));
});
afterEach(() => {
  rmSync(project, { recursive: true });
});

function write(files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
    writeFileSync(path.join(project, file), text);
  }
}

function check(): { exitCode: number | null; problems: string[] } {
  const { status, stderr } = spawnSync(process.execPath, ['lint/structure.mjs', project], { encoding: 'utf8' });
  return { exitCode: status, problems: stderr.split('\n').filter(Boolean) };
}

test('imports down the table pass', () => {
  write({
    'domain/plan.ts': 'export const plan = 1;\n',
    'systems/docker/driver.ts': "import { plan } from '../../domain/plan.ts';\n",
    'cli/main.ts': `const { worker } = await ${load}('../worker/worker.ts');\n`,
    'worker/worker.ts': "export * from '../systems/docker/driver.ts';\n",
    'test/unit/plan.test.ts': "import {\n  plan,\n} from '../../domain/plan.ts';\n",
    'test/built.mjs': "import { plan } from '../dist/domain/plan.js';\n",
  });
  expect(check()).toEqual({ exitCode: 0, problems: [] });
});

test('refused: imports against the table, however they are written', () => {
  const refused = [
    ['domain/one-line.ts', "import { x } from '../systems/x.ts';"],
    ['domain/type.ts', "import type { X } from '../systems/x.ts';"],
    ['domain/lines.ts', "import {\n  x,\n} from '../systems/x.ts';"],
    ['domain/export.ts', "export * from '../systems/x.ts';"],
    ['domain/effects.ts', "import '../systems/x.ts';"],
    ['client/when-it-runs.ts', `  const { x } = await ${load}('../systems/x.ts');`],
    ['systems/of-a-test.ts', "import { x } from '../test/x.ts';"],
    ['cli/of-the-bench.ts', "import { x } from '../bench/x.ts';"],
    ['worker/of-chaos.ts', "import { x } from '../chaos/x.ts';"],
    ['cli/of-set-up.ts', "import { x } from '../setup/x.mjs';"],
    ['setup/of-the-product.mjs', "import { x } from '../domain/x.ts';"],
  ].map(([file = '', text = '']) => ({ file, text, imported: /'\.\.\/(.*)'/.exec(text)?.[1] ?? '' }));
  for (const { file, text, imported } of refused) write({ [file]: `${text}\n`, [imported]: 'export const x = 1;\n' });
  const { exitCode, problems } = check();
  expect(exitCode).toBe(1);
  expect(problems.toSorted()).toEqual(
    refused
      .map(({ file, imported }) => {
        const [from, to] = [file, imported].map((each) => each.split('/')[0]);
        return `${file}: imports ${imported}, but ${from}/ must not import ${to}/ (docs/architecture.md)`;
      })
      .toSorted(),
  );
});

test.each([
  [
    'a cycle, of types as well',
    {
      'domain/a.ts': "import type { B } from './b.ts';\n",
      'domain/b.ts': "import type { C } from './rooms/c.ts';\n",
      'domain/rooms/c.ts': "import { a } from '../a.ts';\n",
    },
    'cycle: domain/a.ts → domain/b.ts → domain/rooms/c.ts → domain/a.ts',
  ],
  [
    'a folder that the table does not know',
    { 'helpers/a.ts': '' },
    'helpers/: unknown folder; add it to lint/folders.mjs and docs/architecture.md',
  ],
  [
    'a file that does not exist',
    { 'domain/a.ts': "import { b } from './b.ts';\n" },
    'domain/a.ts: imports domain/b.ts, which does not exist',
  ],
  [
    'a clock in the domain',
    { 'domain/a.ts': 'export const now = () => Date.now();\n' },
    'domain/a.ts: asks for the time; domain/ takes it as an argument',
  ],
])('refused: %s', (_, files, problem) => {
  write(files);
  expect(check()).toEqual({ exitCode: 1, problems: [problem] });
});

test('refused: a table in the documentation that says something else', () => {
  write({ 'docs/architecture.md': '| `domain/` | rules | `systems` |\n' });
  const { exitCode, problems } = check();
  expect(exitCode).toBe(1);
  expect(problems).toContain('docs/architecture.md: domain/: "`systems`", but lint/folders.mjs has: nothing');
  expect(problems).toContain('docs/architecture.md: systems/: "no such row", but lint/folders.mjs has: domain');
});

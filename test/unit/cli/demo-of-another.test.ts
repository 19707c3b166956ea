import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CommandContext } from '../../../cli/command.ts';
import { playDemo, removeDemo } from '../../../cli/demo/story.ts';

const home = process.cwd();
let here: string;
let other: string;
let removed: string[];
let said: string[];
let noted: string;

beforeEach(async () => {
  here = await mkdtemp(path.join(tmpdir(), 'rkt-here-'));
  other = await mkdtemp(path.join(tmpdir(), 'rkt-other-'));
  process.chdir(here);
  removed = [];
  said = [];
});
afterEach(async () => {
  process.chdir(home);
  for (const folder of [here, other]) await rm(folder, { recursive: true, force: true });
});

/** A command on an engine that carries the demo of `folder`; no demo comes up. */
function contextWith(folder: string | undefined): CommandContext {
  const stack = {
    folderOf: () => Promise.resolve(folder),
    removeLeftovers: (project: string) => Promise.resolve(void removed.push(project)),
    bringUp: async ({ folder: own }: { folder: string }) => {
      noted = await readFile(path.join(own, 'processes.json'), 'utf8');
      throw new Error('it comes up');
    },
  };
  return {
    environment: { variables: {} },
    toolbox: { demoStack: () => Promise.resolve(stack) },
    output: { say: (text: string) => said.push(text), document: () => undefined },
  } as unknown as CommandContext;
}

const demos = {
  demo: (context: CommandContext) => playDemo(context, { keep: false }),
  'demo --remove': removeDemo,
};

test.each(Object.entries(demos))("%s: another folder's demo is named and left alone", async (_, command) => {
  const folder = path.join(other, '.rekindle', 'demo');
  await mkdir(folder, { recursive: true });
  await expect(command(contextWith(folder))).rejects.toMatchObject({
    kind: 'PlatformBusy',
    message: expect.stringContaining(folder) as string,
    remedy: expect.stringContaining(`cd ${other} && npx rekindle demo --remove`) as string,
  });
  expect(removed).toEqual([]);
});

test.each(Object.entries(demos))(
  '%s: what is left of a folder that is gone is removed, and said',
  async (_, command) => {
    await command(contextWith('/nowhere/.rekindle/demo')).catch((error: unknown) =>
      expect(String(error)).toMatch(/comes up/),
    );
    expect(removed).toEqual(['rekindle-demo']);
    expect(said.join('\n')).toMatch(/made in \/nowhere\/\.rekindle\/demo, which is gone/);
  },
);

test('the demo of this folder is removed, also through a link', async () => {
  await mkdir(path.join(here, '.rekindle', 'demo'), { recursive: true });
  await symlink(here, path.join(other, 'link'));
  expect(await removeDemo(contextWith(path.join(other, 'link', '.rekindle', 'demo')))).toBe(0);
  expect(removed).toEqual(['rekindle-demo']);
});

test('while one of this folder runs, kept or not, a second one is refused', async () => {
  const folder = path.join(here, '.rekindle', 'demo');
  await mkdir(folder, { recursive: true });
  // Any process whose command line names Rekindle.
  const running = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)', 'rekindle']);
  try {
    await writeFile(path.join(folder, 'processes.json'), JSON.stringify([running.pid]));
    await expect(playDemo(contextWith(folder), { keep: false })).rejects.toMatchObject({ kind: 'PlatformBusy' });
    expect(removed).toEqual([]);
  } finally {
    running.kill();
  }
});

test('a demo that runs notes its process; one that does not come up leaves no folder', async () => {
  await expect(playDemo(contextWith(undefined), { keep: false })).rejects.toThrow('comes up');
  expect(JSON.parse(noted)).toEqual([process.pid]);
  expect(existsSync(path.join(here, '.rekindle', 'demo'))).toBe(false);
});

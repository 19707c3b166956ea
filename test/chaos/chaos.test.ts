import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../../dist/chaos/main.js', import.meta.url));
/** Each operation; the engine restarts while services are stopped. `npm run chaos -- --seed 40 --only <index>` repeats one. */
const seed = 40;
const indices = [12, 13, 33, 36];
/** A Docker engine of its own needs root. */
const able = process.getuid?.() === 0;

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'chaos-test-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  lines: string[];
  /** Work folders that it left behind. */
  left: string[];
}

/** Runs the suite as a user does; `onOutput` sees all that it has said so far. */
function chaos(args: string[], onOutput: (text: string, interrupt: () => void) => void = () => undefined) {
  const state = ['--state', join(folder, 'state.json')];
  const child = spawn(process.execPath, [program, '--seed', String(seed), ...state, ...args]);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      onOutput(text, () => child.kill('SIGINT'));
    });
  return new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const left = readdirSync('/var/tmp').filter((name) => name.startsWith(`rekindle-chaos-${child.pid ?? 0}-`));
      resolve({ code, lines: text.trim().split('\n'), left });
    });
  });
}

test('arguments that make no sense end with 2 and the usage', async () => {
  const { code, lines } = await chaos(['--operations', 'backup,drill']);
  expect(code).toBe(2);
  expect(lines[0]).toContain('there is no drill');
  expect(lines).toContainEqual(expect.stringMatching(/^usage: npm run chaos/));
});

test.skipIf(!able)('interrupted, it leaves nothing behind', async () => {
  const { code, lines, left } = await chaos(['--only', '2'], (text, interrupt) => {
    if (text.includes('1 cases')) setTimeout(interrupt, 1500);
  });
  expect(code).toBe(130);
  expect(lines.at(-1)).toContain('--resume');
  expect(left).toEqual([]);
});

test.skipIf(!able)(
  'four seeded faults: the oracle is content, and a resumed run repeats none',
  async () => {
    const first = await chaos(['--only', indices.join(','), '--parallel', '2']);
    expect(first.lines.at(-1), first.lines.join('\n')).toBe('4 faults, 0 violations');
    expect(first).toMatchObject({ code: 0, left: [] });

    const again = await chaos(['--only', indices.join(','), '--resume']);
    expect(again.lines[0]).toContain(`seed ${seed}: 0 cases, 4 noted`);
    expect(again).toMatchObject({ code: 0 });
    expect(again.lines.at(-1)).toBe('4 faults, 0 violations');
  },
  900_000,
);

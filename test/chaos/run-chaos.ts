import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/chaos/main.js', import.meta.url));
/** A Docker engine of its own needs root. */
export const able = process.getuid?.() === 0;

export interface Ended {
  code: number | null;
  lines: string[];
  /** Work folders that it left behind. */
  left: string[];
}

/** Runs the suite as a user does; `onOutput` sees all that it has said so far. */
export type Chaos = (args: string[], onOutput?: (text: string, interrupt: () => void) => void) => Promise<Ended>;

/** One state file for all runs of a file of tests. */
export function useChaos(seed: number): Chaos {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'chaos-test-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return (args, onOutput = () => undefined) => {
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
  };
}

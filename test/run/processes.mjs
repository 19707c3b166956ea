import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const running = new Set();
let interruption;
/** The signal that ended the run early, if one did. */
export const interrupted = () => interruption;

/*
 * A stage is a process group of its own, as in a terminal: the signal reaches Jest, which waits for the clean-up of its tests and
 * of its set-up, and at the same time the commands that a test waits for.
 */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => {
    interruption = signal;
    for (const child of running) process.kill(-child.pid, signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
  });

/** Resolves with the exit code when the process and all that writes to its output has ended. `live`: it writes to ours. */
export function run([command, ...args], { live }) {
  const colour = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const stdio = live ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
  const child = spawn(command, args, { cwd: project, stdio, detached: true, env: { ...process.env, ...colour } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve) => {
    if (child.pid !== undefined) running.add(child);
    child.on('error', (error) => resolve({ code: 1, output: `✘ ${command}: ${error.message}\n` }));
    child.on('close', (code) => {
      running.delete(child);
      resolve({ code: code ?? 1, output });
    });
  });
}

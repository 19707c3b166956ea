import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectFolder } from './cache.mjs';

/** Until the first byte, and for the whole download. */
const patienceSeconds = { start: 10, whole: 240 };

/*
 * The SDK downloads the CLI only in order to start it. So it does, in a separate process that can be ended when
 * nothing arrives: behind a firewall that drops packets it would wait for minutes.
 */
const script = `
  import { TestWorkflowEnvironment } from '@temporalio/testing';
  const executable = { type: 'cached-download', version: 'default', downloadDir: process.argv[1] };
  const environment = await TestWorkflowEnvironment.createLocal({ server: { executable } });
  await environment.teardown();
`;

/** The Temporal CLI as the SDK itself downloads it, or undefined when it can't. The file is the caller's to move away. */
export async function downloadedBySdk(workFolder, say) {
  const folder = mkdtempSync(join(workFolder, 'temporal-download-'));
  say("temporal: asking for the download that Temporal's SDK makes");
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script, folder], {
    cwd: projectFolder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let trouble = '';
  let code;
  child.stderr.on('data', (chunk) => (trouble += chunk));
  child.on('error', () => (code = 1));
  child.on('exit', (exitCode) => (code = exitCode ?? 1));
  const started = Date.now();
  while (code === undefined) {
    await sleep(100);
    const waited = (Date.now() - started) / 1000;
    const nothingYet = readdirSync(folder).length === 0;
    if (waited > patienceSeconds.whole || (nothingYet && waited > patienceSeconds.start)) child.kill('SIGKILL');
  }
  const [file] = readdirSync(folder).filter((name) => !name.endsWith('.downloading'));
  if (file) return join(folder, file);
  rmSync(folder, { recursive: true, force: true });
  const reason = trouble.match(/(?:Caused by|Error):\s*(.{1,100})/)?.[1];
  say(`temporal: not reached (${reason ?? `nothing came within ${patienceSeconds.start} s`})`);
  return undefined;
}

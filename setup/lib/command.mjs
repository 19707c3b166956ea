import { spawn } from 'node:child_process';
import { accessSync, constants, createReadStream, createWriteStream } from 'node:fs';
import { delimiter, join } from 'node:path';
import { madeCacheFolder } from './cache.mjs';
import { Failure } from './failure.mjs';

/**
 * Runs a program to its end and returns its standard output. Everything it prints goes to a log file of the cache, not
 * to the terminal: set-up reports progress itself, and shows the end of the log when the program fails.
 *
 * @param {{ cwd?: string, env?: object, log?: string, inputFile?: string, timeoutSeconds?: number, remedy?: string }} [options]
 */
export async function run(command, args, options = {}) {
  const logFile = join(madeCacheFolder('log'), `${options.log ?? command.split('/').pop()}.log`);
  const log = createWriteStream(logFile, { flags: 'a' });
  log.write(`\n# ${new Date().toISOString()} ${command} ${args.join(' ')}\n`);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: [options.inputFile ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  if (options.inputFile) createReadStream(options.inputFile).pipe(child.stdin).on('error', ignore);
  const timer = setTimeout(() => child.kill('SIGKILL'), (options.timeoutSeconds ?? 1200) * 1000);
  let output = '';
  let all = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      log.write(chunk);
      all = (all + chunk).slice(-20_000);
    });
  }
  const end = await new Promise((resolve) => {
    child.on('error', (error) => resolve({ error }));
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  clearTimeout(timer);
  log.end();
  if (end.code === 0) return output;
  const why = end.error ? end.error.message : end.signal ? `was ended by ${end.signal}` : `ended with code ${end.code}`;
  const tail = essence(all);
  const failure = new Failure(
    `\`${command} ${args.slice(0, 6).join(' ')}${args.length > 6 ? ' …' : ''}\` ${why}${tail ? `:\n  ${tail}` : ''}`,
    options.remedy ?? `Read the whole output in ${logFile}, then run set-up again to continue where it stopped`,
  );
  failure.output = all;
  throw failure;
}

/** The beginning and the end of the output: npm names the cause first, compilers last. */
function essence(output) {
  const lines = output.split('\n').filter((line) => line.trim());
  return (lines.length > 14 ? [...lines.slice(0, 7), '…', ...lines.slice(-7)] : lines).join('\n  ');
}

/** The full path of a program on the PATH, or undefined. */
export function which(program, extraFolders = []) {
  return [...(process.env.PATH ?? '').split(delimiter), ...extraFolders]
    .filter(Boolean)
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a program prints, or undefined when it is missing or fails. For probing, so nothing is logged. */
export function answerOf(command, args, timeoutSeconds = 10) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutSeconds * 1000);
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code === 0 ? output.trim() : undefined);
    });
  });
}

function ignore() {}

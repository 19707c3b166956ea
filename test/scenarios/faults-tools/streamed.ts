import { eventually } from '../../../stack/engine.ts';
import { type Ended, startRekindle } from '../harness/processes.ts';
import type { Environment } from '../harness/index.ts';

/** A command that is looked at while it runs. */
export interface Streamed {
  /** Waits until what it printed so far matches. */
  saw: (words: RegExp, seconds?: number) => Promise<void>;
  /** Ctrl-C. */
  interrupt: () => void;
  ended: Promise<Ended>;
}

export function streamRekindle(args: string[], environment: Environment, withinSeconds = 120): Streamed {
  const child = startRekindle(args, environment);
  const text = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()));
  const limit = setTimeout(() => child.kill('SIGKILL'), withinSeconds * 1000);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(limit);
      resolve({ exitCode: code ?? -1, ...text, json: undefined });
    });
  });
  return {
    ended,
    interrupt: () => child.kill('SIGINT'),
    saw: (words, seconds = 30) =>
      eventually(`"${args.join(' ')}" says ${String(words)}`, seconds, () =>
        words.test(text.stdout + text.stderr)
          ? Promise.resolve()
          : Promise.reject(new Error(`it said:\n${text.stdout}${text.stderr}`)),
      ),
  };
}

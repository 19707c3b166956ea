import { eventually } from '../../../stack/engine.ts';
import { startRekindle } from '../harness/processes.ts';
import type { Environment } from '../harness/index.ts';
import type { Written } from '../../secret-search.ts';

export interface Answer {
  status: number;
  text: string;
  /** Undefined when it is none. */
  json: unknown;
  seconds: number;
}

/** A command of Rekindle that serves: its first document, its end. */
export interface Served<D> {
  document: D;
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>;
}

/** Starts `rekindle <args> --json` and waits for what it prints when it serves. */
export async function serve<D>(args: string[], environment: Environment): Promise<Served<D>> {
  const child = startRekindle([...args, '--json'], { REKINDLE_LOG_LEVEL: 'warn', ...environment });
  const text = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()));
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), 20_000);
    return closed.finally(() => clearTimeout(force));
  };
  try {
    const document = await eventually(`rekindle ${args.join(' ')} serves`, 40, () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${text.stdout}${text.stderr}`);
      return Promise.resolve(JSON.parse(text.stdout) as D);
    });
    return { document, stop };
  } catch (error) {
    await stop();
    throw new Error(`${text.stdout}${text.stderr}`, { cause: error });
  }
}

/** Asks as a monitor does, and keeps all that was answered. */
export function monitor(url: string) {
  const answered: Written[] = [];
  const get = async (path: string): Promise<Answer> => {
    const began = Date.now();
    const answer = await fetch(url + path, { signal: AbortSignal.timeout(20_000) });
    const text = await answer.text();
    answered.push({ where: path, text });
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
    return {
      status: answer.status,
      text,
      json: isJson ? JSON.parse(text) : undefined,
      seconds: (Date.now() - began) / 1000,
    };
  };
  return {
    answered,
    get,
    /** Asks until `seen` is content; what it throws is told when the time is over. */
    until: (path: string, what: string, seen: (answer: Answer) => void, seconds = 30): Promise<Answer> =>
      eventually(`${path}: ${what}`, seconds, async () => {
        const answer = await get(path);
        seen(answer);
        return answer;
      }),
  };
}

import { execFile } from 'node:child_process';

/** The words that start the Compose tool: `['docker', 'compose']` or `['docker-compose']`. */
export type ComposeTool = [string, ...string[]];

export interface CommandResult {
  stdout: string;
  stderr: string;
  /** 127 when the program is missing. */
  exitCode: number;
}

/** The Compose tool of this machine: v2's plugin, else Debian's docker-compose. Throws when there is neither. */
export async function findComposeTool(): Promise<ComposeTool> {
  const candidates: ComposeTool[] = [['docker', 'compose'], ['docker-compose']];
  for (const tool of candidates) {
    const { exitCode } = await runCommand([...tool, 'version'], '.');
    if (exitCode === 0) return tool;
  }
  throw new Error('No Compose tool found: install the plugin `docker compose`, or `apt-get install docker-compose`');
}

/** Runs the Compose tool in a folder that holds `compose.yaml` and `.env`; never throws for its exit code. */
export function runCompose(tool: ComposeTool, folder: string, project: string, args: string[]): Promise<CommandResult> {
  return runCommand([...tool, '--project-name', project, ...args], folder);
}

function runCommand([program = '', ...args]: string[], cwd: string): Promise<CommandResult> {
  // Whatever Compose settings the caller has for a project of his own must not lead the tool elsewhere.
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('COMPOSE_')));
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env: environment, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
      resolve({ stdout, stderr: stderr || (error?.message ?? ''), exitCode });
    });
  });
}

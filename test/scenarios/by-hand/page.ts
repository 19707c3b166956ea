import { spawn } from 'node:child_process';
import { ensureHandTools } from '../../../setup/lib/hand-tools.mjs';
import { partsOf, textOf } from '../../markdown.ts';

export const page = 'docs/restore-by-hand.md';

/** The page's shell blocks in their order, word for word; the first sets the variables. */
export function blocksOfPage(): string[] {
  return partsOf(textOf(page)).blocks.flatMap(({ language, text }) => (language === 'sh' ? [text] : []));
}

const namesIn = (block: string): string[] => [...block.matchAll(/^(\w+)=/gm)].map(([, name = '']) => name);

/**
 * The given blocks as one script, with other values for the variables: exactly those that the page sets, so that a reader
 * who changes that block has changed all that there is.
 */
export function scriptOf([variables = '', ...steps]: string[], values: Record<string, string>): string {
  expect(Object.keys(values).sort()).toEqual(namesIn(variables).sort());
  const quoted = Object.entries(values).map(([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'`);
  return [...quoted, ...steps].join('\n');
}

/** Runs a script in bash, with the page's programs on the PATH; answers how it ended and all that it printed. */
export async function runInBash(script: string, withinSeconds: number): Promise<{ exitCode: number; output: string }> {
  const path = `${await ensureHandTools()}:${process.env['PATH'] ?? ''}`;
  const bash = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    env: { PATH: path, HOME: process.env['HOME'], DOCKER_HOST: process.env['DOCKER_HOST'] },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: withinSeconds * 1000,
  });
  let output = '';
  for (const stream of [bash.stdout, bash.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exitCode = await new Promise<number>((resolve, reject) => {
    bash.on('error', reject);
    bash.on('close', (code) => resolve(code ?? -1));
  });
  return { exitCode, output };
}

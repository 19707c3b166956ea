// A module hook of Node (see typescript.mjs); it runs in a thread of its own.
import { readFile } from 'node:fs/promises';
import { transformSync } from '@swc/wasm-typescript';

export async function load(url, context, next) {
  if (!new URL(url).pathname.endsWith('.ts')) return next(url, context);
  const { code } = transformSync(await readFile(new URL(url), 'utf8'), { mode: 'strip-only' });
  return { format: 'module', source: code, shortCircuit: true };
}

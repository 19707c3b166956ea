import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

// cspell:ignore nosources

const project = fileURLToPath(new URL('../../', import.meta.url));
const cache = join(project, 'node_modules/.cache/workflow-bundles');
/** All that workflows may import (lint/folders.mjs), and what else decides how a bundle looks. */
const folders = ['workflows', 'activities', 'domain', 'config'];
const entry = 'test/workflows/bundled-workflows.ts';
const settings = ['package-lock.json', 'tsconfig.json', 'test/workflows/bundle.ts', entry];
const keptMs = 24 * 3600 * 1000;

const quiet = () => undefined;
const logger = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };

/** The workflows' bundle as a file: that of an earlier run, while no source has changed. */
export async function workflowBundle(failureConverterPath?: string): Promise<string> {
  const kind = failureConverterPath === undefined ? 'plain' : 'encrypted';
  const file = join(cache, `${kind}-${await sourceHash()}.js`);
  const now = new Date();
  const isThere = await utimes(file, now, now).then(
    () => true,
    () => false,
  );
  if (isThere) return file;
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(project, entry),
    logger,
    ...(failureConverterPath !== undefined && { failureConverterPath }),
    // Each worker parses the source map: without the sources in it, it is half the size.
    webpackConfigHook: (config) => ({ ...config, devtool: 'inline-nosources-source-map' }),
  });
  await mkdir(cache, { recursive: true });
  await removeOld();
  // Renamed when it is whole: another run may look for it at this moment.
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, code);
  await rename(unfinished, file);
  return file;
}

async function sourceHash(): Promise<string> {
  // The source map names the sources by their whole path.
  const hash = createHash('sha256').update(project);
  const files = [...settings];
  for (const folder of folders) {
    const names = await readdir(join(project, folder), { recursive: true });
    files.push(...names.filter((name) => /\.c?[jt]s$/.test(name)).map((name) => join(folder, name)));
  }
  for (const file of files.toSorted()) hash.update(`\0${file}\0`).update(await readFile(join(project, file)));
  return hash.digest('hex').slice(0, 16);
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(cache)) {
    const file = join(cache, name);
    if (Date.now() - (await stat(file)).mtimeMs > keptMs) await rm(file, { force: true });
  }
}

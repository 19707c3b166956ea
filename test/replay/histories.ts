import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

const folder = new URL('histories/', import.meta.url);

/** What `npm run record-histories` writes: of the release to come. Those of past releases are never written again. */
const next = 'next';

/** Of every release and of the next: `<release>/<name>.json`. */
export async function listHistories(): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.json')).toSorted();
}

export async function readHistory(file: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(file, folder), 'utf8'));
}

export async function writeHistory(name: string, handle: WorkflowHandle): Promise<string> {
  await mkdir(new URL(next, folder), { recursive: true });
  const file = new URL(`${next}/${name}.json`, folder);
  // Stack traces name the folder of the clone that recorded; nobody else's is there.
  const history = historyToJSON(await handle.fetchHistory()).replaceAll(`${process.cwd()}/`, '');
  await writeFile(file, `${JSON.stringify(JSON.parse(history))}\n`);
  return fileURLToPath(file);
}

import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { s3Storage } from '../../../systems/object-storage/s3.ts';
import type { Written } from '../../secret-search.ts';
import { type Scenario, facts } from '../harness/index.ts';
import { waitFor } from '../../wait-for.ts';

// All that runs leave behind, as it lies there: read with Temporal's client and the S3 driver, nothing is interpreted.

/** Every workflow of the platform, ended or not: history with user metadata, description, and what queries answer. */
export async function temporalTraces({ client, platform }: Scenario): Promise<Written[]> {
  const traces: Written[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    if (!workflowId.includes(platform.project)) continue;
    const handle = client.workflow.getHandle(workflowId, runId);
    const write = (what: string, text: string) => traces.push({ where: `${what} of ${workflowId}`, text });
    write('history', historyToJSON(await handle.fetchHistory()));
    write('description', JSON.stringify((await handle.describe()).raw));
  }
  return traces;
}

/** Pages, progress and plan of a run, which its worker makes when it is asked. */
export async function answersOf({ client }: Scenario, run: string): Promise<Written[]> {
  const handle = client.workflow.getHandle(run);
  const queries = ['progress', 'plan', '__temporal_workflow_metadata'];
  return Promise.all(
    // A run that was refused early has no plan.
    queries.map(async (query) => ({
      where: `${query} of ${run}`,
      // A busy worker may not answer within Temporal's own limit.
      text: JSON.stringify((await waitFor(() => handle.query(query), { timeout: 60_000 })) ?? ''),
    })),
  );
}

/** A run as Temporal describes it again and again until `ended`, with the heartbeats of its pending activities. */
export async function descriptionsUntil(
  { client }: Scenario,
  run: string,
  ended: Promise<unknown>,
): Promise<Written[]> {
  const texts = new Set<string>();
  const command = { over: false };
  const note = () => (command.over = true);
  ended.then(note, note);
  while (!command.over) {
    texts.add(JSON.stringify((await client.workflow.getHandle(run).describe()).raw));
    await pause(200);
  }
  return [...texts].map((text, index) => ({ where: `description ${index + 1} of ${run}`, text }));
}

/** Temporal's own database, as the files lie there. */
export async function databaseTraces(): Promise<Written[]> {
  const folder = dirname(facts().keyFile);
  const files = (await readdir(folder)).filter((name) => name.startsWith('temporal.db'));
  return Promise.all(files.map(async (name) => ({ where: name, text: await readFile(join(folder, name), 'latin1') })));
}

export function catalogueOf({ platform: { s3, buckets } }: Scenario) {
  const { endpoint, accessKey, secretKey } = s3;
  return s3Storage({ bucket: buckets.catalogue, prefix: '', endpoint, region: 'us-east-1', accessKey, secretKey });
}

/** Every object of the catalogue, key and bytes. */
export async function catalogueTraces(scenario: Scenario): Promise<Written[]> {
  const storage = catalogueOf(scenario);
  const traces: Written[] = [];
  for await (const { key } of storage.list('')) {
    const bytes = await storage.get(key);
    traces.push({ where: key, text: `${key}\n${Buffer.from(bytes ?? []).toString('latin1')}` });
  }
  return traces;
}

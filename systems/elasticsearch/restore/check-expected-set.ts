import { failed, passed, type Check } from '../../../domain/checks.ts';
import type { DocumentCount, ExpectedIndex, ExpectedSet } from '../../../domain/recovery-points/recovery-point.ts';
import type { Watch } from '../../../domain/watch.ts';
import type { Client } from '../client.ts';
import { countDocuments, refresh } from '../documents/counts.ts';
import { globalStateNames } from './global-state.ts';
import { describeIndices, type IndexDescription } from '../indices.ts';
import { observeRestore } from './restore-state.ts';
import { findSamples } from '../documents/samples.ts';

const number = new Intl.NumberFormat('en-US');
const remedy = 'Do not release the quarantine; retry the restore or choose another recovery point';

/**
 * Whether the restored Elasticsearch holds what the recovery point promises: one check for each index, one for the
 * shards together, one for templates and pipelines. `globalState: false` where it was not restored.
 */
export async function checkExpectedSet(
  client: Client,
  expected: ExpectedSet,
  watch: Watch = {},
  { globalState = true }: { globalState?: boolean } = {},
): Promise<Check[]> {
  const names = expected.indices.map(({ name }) => name);
  const described = new Map((await describeIndices(client, names)).map((index) => [index.name, index]));
  const started = await startedPrimaries(client, expected);
  const checks: Check[] = [shardCheck(expected, started)];
  for (const [done, index] of expected.indices.entries()) {
    watch.signal?.throwIfAborted();
    watch.onProgress?.({ done, total: names.length, unit: 'documents', note: `checking index ${index.name}` });
    checks.push(await checkIndex(client, index, described.get(index.name), started.get(index.name) ?? 0));
  }
  // What an adopted snapshot held is not known: no check rather than one that always passes.
  if (globalState && expected.globalState) checks.push(await checkGlobalState(client, expected.globalState));
  return checks;
}

async function checkIndex(
  client: Client,
  expected: ExpectedIndex,
  found: IndexDescription | undefined,
  started: number,
): Promise<Check> {
  const name = `index ${expected.name}`;
  if (found === undefined) return failed(name, 'The index is missing', remedy);
  const faults: string[] = [];
  if (found.state !== expected.state) faults.push(`${found.state} instead of ${expected.state}`);
  if (found.primaries !== expected.primaries)
    faults.push(`${found.primaries} primaries instead of ${expected.primaries}`);
  if (started < found.primaries) faults.push(`${started} of ${found.primaries} primaries started`);
  const aliases = expected.aliases.filter((alias) => !found.aliases.includes(alias));
  if (aliases.length > 0) faults.push(`The alias is missing: ${aliases.join(', ')}`);
  // Nothing can be counted or read in an index whose shards are missing.
  if (started < found.primaries) return failed(name, faults.join('; '), remedy);

  const counted = await countDocuments(client, [found]);
  const count = counted.of[found.name];
  const documents = describeCount(count, expected, counted.unreadable[found.name]);
  if (expected.documents && !isWithin(count, expected.documents)) faults.push(documents);
  const samples = await compareSamples(client, expected, found);
  if (samples.different.length > 0) {
    faults.push(
      `${samples.different.length} of ${expected.samples.length} samples differ or are gone: ${samples.different.slice(0, 3).join(', ')}`,
    );
  }
  if (faults.length > 0) return failed(name, faults.join('; '), remedy);
  if (!expected.documents) return passed(name, `${documents}, ${found.primaries} of ${expected.primaries} primaries`);
  const compared = samples.compared
    ? `${expected.samples.length} of ${expected.samples.length} samples equal`
    : 'closed';
  return passed(name, `${documents}, ${compared}, ${found.primaries} primaries, ${expected.aliases.length} aliases`);
}

function isWithin(count: number | undefined, { atLeast, atMost }: DocumentCount): boolean {
  return count !== undefined && count >= atLeast && count <= atMost;
}

function describeCount(count: number | undefined, expected: ExpectedIndex, unreadable = 'no answer'): string {
  if (count === undefined) return `count unknown, because ${unreadable}`;
  if (!expected.documents) {
    const why = expected.uncounted === undefined ? 'not known' : `unknown at backup, because ${expected.uncounted}`;
    return `count ${why}, ${number.format(count)} documents found`;
  }
  const { atLeast, atMost } = expected.documents;
  if (atLeast === atMost) return `${number.format(count)} of ${number.format(atLeast)} documents`;
  if (atMost === Number.MAX_SAFE_INTEGER)
    return `${number.format(count)} documents (index replaced during the snapshot)`;
  return `${number.format(count)} documents (expected ${number.format(atLeast)} to ${number.format(atMost)}, written during the snapshot)`;
}

async function compareSamples(client: Client, expected: ExpectedIndex, found: IndexDescription) {
  if (found.state === 'closed') return { compared: false, different: [] };
  await refresh(client, [found.name]);
  const { [found.name]: seen = [] } = await findSamples(client, {
    [found.name]: expected.samples.map(({ id }) => id),
  });
  const hashes = new Map(seen.map(({ id, sha256 }) => [id, sha256]));
  const different = expected.samples.filter(({ id, sha256 }) => hashes.get(id) !== sha256).map(({ id }) => id);
  return { compared: true, different };
}

async function startedPrimaries(client: Client, expected: ExpectedSet): Promise<Map<string, number>> {
  const { indices } = await observeRestore(client, { ...expected, indices: expected.indices.map(({ name }) => name) });
  return new Map(
    [...indices.values()].map(({ name, primaries }) => [
      name,
      primaries.filter(({ state }) => state === 'started').length,
    ]),
  );
}

function shardCheck({ indices }: ExpectedSet, started: ReadonlyMap<string, number>): Check {
  const total = indices.reduce((sum, { primaries }) => sum + primaries, 0);
  const there = [...started.values()].reduce((sum, count) => sum + count, 0);
  const evidence = `${there} of ${total} primaries started`;
  return there === total ? passed('shards', evidence) : failed('shards', evidence, remedy);
}

async function checkGlobalState(client: Client, expected: NonNullable<ExpectedSet['globalState']>): Promise<Check> {
  const found = await globalStateNames(client);
  const missing = [
    ...expected.indexTemplates.filter((name) => !found.indexTemplates.includes(name)).map((name) => `template ${name}`),
    ...expected.ingestPipelines
      .filter((name) => !found.ingestPipelines.includes(name))
      .map((name) => `pipeline ${name}`),
  ];
  const evidence = `${expected.indexTemplates.length} index templates, ${expected.ingestPipelines.length} ingest pipelines`;
  return missing.length === 0
    ? passed('global state', evidence)
    : failed(
        'global state',
        `Missing: ${missing.join(', ')}`,
        'Restore the global state again, or create what is missing by hand',
      );
}

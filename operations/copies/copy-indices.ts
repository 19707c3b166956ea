import { overallVerdict, summedUp } from '../../domain/checks.ts';
import { ChecksFailed } from '../../domain/checks-failed.ts';
import type { CopiedIndex } from '../../domain/copies/wishes.ts';
import type { IndexName } from '../../domain/platform.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { ExpectedIndex, ExpectedSet } from '../../domain/recovery-points/recovery-point.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { deleteIndices, setReplicas, swapAliases as swap } from '../../systems/elasticsearch/copies/change-indices.ts';
import { closeIndices } from '../../systems/elasticsearch/indices.ts';
import { awaitRestore } from '../../systems/elasticsearch/restore/await-restore.ts';
import { checkExpectedSet } from '../../systems/elasticsearch/restore/check-expected-set.ts';
import { putBackSettings } from '../../systems/elasticsearch/restore/index-settings.ts';
import { reopenRestore } from '../../systems/elasticsearch/restore/restore-marker.ts';
import { observeRestore, type RestoreRequest } from '../../systems/elasticsearch/restore/restore-state.ts';
import { startRestore } from '../../systems/elasticsearch/restore/restore.ts';
import { readExpectedSet } from '../recovery-points/read-point.ts';
import { withElasticsearchNamed } from '../stores/with-elasticsearch.ts';
import type { BothSides } from './assess-copy.ts';

// The indices of a copy, batch by batch, on the destination.

export function removeIndices({ destination }: BothSides, call: StepCall<'removeIndices'>): Promise<StepOutcome> {
  const { store, indices } = call.arguments;
  return withElasticsearchNamed(destination, store, async (client) => {
    const deleted = await deleteIndices(client, indices);
    return { summary: `${deleted} of ${indices.length} indices deleted; the others were gone` };
  });
}

/** Goes on where an earlier attempt died. Failures: those of a restore. */
export function copyIndices(
  { source, destination }: BothSides,
  call: StepCall<'copyIndices'>,
  watch: Watch,
): Promise<StepOutcome> {
  const { store, fromStore, recoveryPoint, indices, aliases, ignoreSettings, withoutReplicas } = call.arguments;
  return withElasticsearchNamed(destination, store, async (client) => {
    const expected = await chosenSet(source, { fromStore, recoveryPoint, indices });
    const request = requestOf(call.arguments);
    const settings = {
      ...call.arguments.settings,
      // They are made after the check: until then each byte is written once.
      ...(withoutReplicas && { 'index.number_of_replicas': '0' }),
    };
    const hindering = Object.fromEntries(
      expected.indices.flatMap(({ name, settings: of }) => (of ? [[name, of] as const] : [])),
    );
    const { leftOut } = await startRestore(client, {
      ...request,
      globalState: false,
      living: true,
      aliases,
      streams: Object.fromEntries((expected.dataStreams ?? []).map(({ name, indices: backing }) => [name, backing])),
      settings: hindering,
      overrides: { settings, ignored: ignoreSettings },
    });
    const { bytes, shards } = await awaitRestore(client, request, watch);
    // A restore opens all.
    await closeIndices(
      client,
      expected.indices.filter(({ state }) => state === 'closed').map(({ name }) => name),
    );
    // Elsewhere, allocation and blocks were the source's own affair.
    if (source.platform.platform === destination.platform.platform) await putBackSettings(client, leftOut);
    await reopenRestore(client);
    return { summary: `${indices.length} indices, ${shards} shards, ${bytes} bytes` };
  });
}

export function discardCopied({ destination }: BothSides, call: StepCall<'discardCopied'>): Promise<StepOutcome> {
  const { store, indices } = call.arguments;
  return withElasticsearchNamed(destination, store, async (client) => {
    const seen = await observeRestore(client, requestOf(call.arguments));
    const ours = [...seen.indices.values()].filter((index) => index.ours);
    const deleted = await deleteIndices(
      client,
      ours.map(({ name: index, uuid }) => ({ index, uuid })),
    );
    return { summary: `${deleted} of ${indices.length} copied indices deleted` };
  });
}

const remedy = 'Find out why, and start the copy again: nothing was swapped in, and what was copied is deleted again';

/** Failure: VerificationFailed. */
export function verifyCopied(
  { source, destination }: BothSides,
  call: StepCall<'verifyCopied'>,
  watch: Watch,
): Promise<StepOutcome> {
  const { store, fromStore, recoveryPoint, indices, aliases } = call.arguments;
  return withElasticsearchNamed(destination, store, async (client) => {
    const expected = await chosenSet(source, { fromStore, recoveryPoint, indices });
    const demanded = aliases
      ? expected
      : { ...expected, indices: expected.indices.map((one) => ({ ...one, aliases: [] })) };
    const all = await checkExpectedSet(client, demanded, watch, { globalState: false });
    const { checks } = summedUp(
      all.filter(({ name }) => name !== 'shards').map((check) => (check.remedy === '' ? check : { ...check, remedy })),
      'index ',
      'indices',
    );
    if (overallVerdict(all) !== 'pass') throw new ChecksFailed(`${store} does not hold what was copied`, checks);
    return { summary: `${indices.length} indices as backed up`, checks };
  });
}

export function raiseReplicas({ destination }: BothSides, call: StepCall<'raiseReplicas'>): Promise<StepOutcome> {
  const { store, replicas } = call.arguments;
  return withElasticsearchNamed(destination, store, async (client) => {
    for (const [number, indices] of Object.entries(replicas)) await setReplicas(client, indices, Number(number));
    const words = Object.entries(replicas).map(([number, indices]) => `${indices.length} indices with ${number}`);
    return { summary: `Replicas are made: ${words.join(', ')}` };
  });
}

export function swapAliases({ destination }: BothSides, call: StepCall<'swapAliases'>): Promise<StepOutcome> {
  const { store, swaps } = call.arguments;
  return withElasticsearchNamed(destination, store, async (client) => {
    const changes = await swap(client, swaps);
    const stay = [...new Set(swaps.flatMap(({ leaves }) => leaves))];
    const left = stay.length > 0 ? `; without the name, but there: ${stay.join(', ')}` : '';
    return { summary: `${swaps.length} names mean the new indices, ${changes} changes at once${left}` };
  });
}

function requestOf({
  repository,
  snapshot,
  indices,
  renaming,
}: {
  repository: string;
  snapshot: string;
  indices: CopiedIndex[];
  renaming?: { pattern: string; replacement: string };
}): RestoreRequest {
  const sources = Object.fromEntries(indices.map(({ source, restored }) => [restored, source]));
  return {
    repository,
    snapshot,
    indices: indices.map(({ restored }) => restored),
    ...(renaming && { renamed: { ...renaming, sources } }),
  };
}

/** The batch's part of what was backed up, under the names that it gets. */
async function chosenSet(
  source: BothSides['source'],
  { fromStore, recoveryPoint, indices }: { fromStore: string; recoveryPoint: string; indices: CopiedIndex[] },
): Promise<ExpectedSet> {
  const expected = await readExpectedSet(source, recoveryPoint, fromStore);
  const held = new Map<IndexName, ExpectedIndex>(expected.indices.map((index) => [index.name, index]));
  const chosen = indices.flatMap(({ source: name, restored }) => {
    const index = held.get(name);
    return index === undefined ? [] : [{ ...index, name: restored }];
  });
  const names = new Set(chosen.map(({ name }) => name));
  const streams = expected.dataStreams?.filter(({ indices: backing }) => backing.some((name) => names.has(name)));
  return { ...expected, indices: chosen, ...(streams && { dataStreams: streams }) };
}

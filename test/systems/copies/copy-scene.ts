import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../../../config/environment.ts';
import type { Check } from '../../../domain/checks.ts';
import type { CopyStepArguments } from '../../../domain/copies/steps.ts';
import { inOrder, type Plan } from '../../../domain/plans/plan.ts';
import type { Step, StepOutcome } from '../../../domain/plans/steps.ts';
import type { StepArguments } from '../../../domain/plans/step-arguments.ts';
import { snapshotNameOf } from '../../../domain/recovery-points/recovery-point.ts';
import type { CopyInput, StepCall } from '../../../domain/runs/run.ts';
import type { Watch } from '../../../domain/watch.ts';
import { prepareStore } from '../../../operations/backup/prepare-store.ts';
import { publishRecoveryPoint } from '../../../operations/backup/publish-recovery-point.ts';
import { takeSnapshot } from '../../../operations/backup/take-snapshot.ts';
import { verifyBackup } from '../../../operations/backup/verify-backup.ts';
import { assessCopy, type BothSides } from '../../../operations/copies/assess-copy.ts';
import {
  copyIndices,
  discardCopied,
  raiseReplicas,
  removeIndices,
  swapAliases,
  verifyCopied,
} from '../../../operations/copies/copy-indices.ts';
import { forgetSource, registerSource, verifySource } from '../../../operations/copies/source.ts';
import { dependenciesOf, openPlatform, type OpenPlatform } from '../../../operations/open-platform.ts';
import { raiseThrottles, resetThrottles } from '../../../operations/restore/restore-store.ts';
import type { Client } from '../../../systems/elasticsearch/client.ts';
import { awaitUsable } from '../../../systems/elasticsearch/health.ts';
import { giveSecrets, reloadSecureSettings } from '../../../systems/elasticsearch/keystore.ts';
import { s3Keys, startServers, type OtherElasticsearch, type TestServers } from '../servers.ts';
import { connectWithKeys } from '../elasticsearch/with-repository-keys.ts';

// Two bare clusters of different names over one S3 server; the workflow's part is played by `carryOut`.

export const point = '2026-11-21t0930z';
export const settings = { bucket: 'backups', base_path: 'production' };
export let servers: TestServers;
export let destinationServer: OtherElasticsearch;
export let source: Client;
export let destination: Client;
let folder: string;

export function useClusters(): void {
  beforeAll(async () => {
    servers = await startServers();
    destinationServer = await servers.another('staging');
    folder = await mkdtemp(join(tmpdir(), 'rkt-copies-'));
    source = await connectWithKeys(servers);
    destination = await destinationServer.connect();
    await awaitUsable(destination, { timeoutSeconds: 120 });
    await giveSecrets(destinationServer.exec, {
      's3.client.default.access_key': s3Keys.accessKey,
      's3.client.default.secret_key': s3Keys.secretKey,
    });
    await reloadSecureSettings(destination);
    await writePlatform('production', await addressOf(servers.elasticsearch.inspect()));
    await writePlatform('staging', await destinationServer.address());
  });
  afterAll(async () => {
    await servers.stop();
    await rm(folder, { recursive: true, force: true });
  });
}

/** After the destination was restarted: its address may be another. */
export async function reconnect(): Promise<void> {
  await destination.close();
  destination = await destinationServer.connect();
  await awaitUsable(destination, { timeoutSeconds: 120 });
  await writePlatform('staging', await destinationServer.address());
}

async function addressOf(inspected: ReturnType<TestServers['elasticsearch']['inspect']>): Promise<string> {
  return Object.values((await inspected).NetworkSettings.Networks)[0]?.IPAddress ?? '';
}

/** `more`: other keys of the platform's one store. */
export async function writePlatform(name: string, address: string, more: object = {}): Promise<void> {
  const store = {
    name: 'documents',
    kind: 'elasticsearch',
    nodes: [`http://${address}:9200`],
    featureStates: 'none',
    repository: { name: 'own', type: 's3', settings: { ...settings, base_path: name } },
    ...more,
  };
  const file = { platform: name, stores: [store], catalogue: { kind: 'directory', path: join(folder, 'catalogue') } };
  // Written as JSON, which YAML is too.
  await writeFile(join(folder, `${name}.yaml`), JSON.stringify(file));
}

export function open(name: string): Promise<OpenPlatform> {
  return openPlatform(dependenciesOf(readEnvironment({ ...process.env, REKINDLE_PLATFORMS: folder })), name);
}

export async function bothSides(to = 'staging'): Promise<BothSides> {
  return { source: await open('production'), destination: await open(to) };
}

const callOf = <A extends keyof StepArguments>(platform: string, args: StepArguments[A], run: string): StepCall<A> => ({
  platform,
  run,
  execution: 'one',
  arguments: args,
});

/** A recovery point of production with all that it holds now. */
export async function backUp(id = point): Promise<void> {
  const production = await open('production');
  const of = { store: 'documents', snapshot: snapshotNameOf(id), recoveryPoint: id };
  const run = `backup/production/${id}`;
  await prepareStore(production, callOf<'prepareStore'>('production', { ...of, timeoutSeconds: 60 }, run), {});
  await takeSnapshot(production, callOf<'takeSnapshot'>('production', of, run), {});
  await verifyBackup(production, callOf<'verifyBackup'>('production', of, run), {});
  await publishRecoveryPoint(production, callOf<'publishRecoveryPoint'>('production', { recoveryPoint: id }, run));
}

/** The plan, and the checks that did not simply pass. */
export async function assess(
  input: Partial<CopyInput> = {},
): Promise<{ plan?: Plan; faults: string[]; checks: Check[] }> {
  const { platform = 'staging' } = input;
  const { plan, checks } = await assessCopy(await bothSides(platform), {
    from: 'production',
    point,
    ...input,
    platform,
  });
  const faults = checks
    .filter(({ verdict, warning }) => verdict !== 'pass' || warning)
    .map(({ name, verdict, evidence }) => `${name}: ${verdict === 'pass' ? 'warning' : verdict}: ${evidence}`);
  return { ...(plan && { plan }), faults, checks };
}

type Told = Record<string, string>;

/** Carries out the plan as the workflow does: what fails before the point of no return is undone. */
export async function carryOut(
  plan: Plan,
  { before = () => Promise.resolve(), watch = {} }: { before?: (step: Step) => unknown; watch?: Watch } = {},
): Promise<Told> {
  const told: Told = {};
  const undo: Step[] = [];
  const step = async (one: Pick<Step, 'action' | 'arguments'>, watched: Watch) =>
    execute(await bothSides(plan.platform), one, watched);
  try {
    for (const one of inOrder(plan.steps)) {
      undo.unshift(one);
      await before(one);
      told[one.id] = (await step(one, watch)).summary;
      if (one.destructive) undo.length = 0;
    }
  } catch (error) {
    for (const { undo: how } of undo) if (how) await step(how, {});
    throw error;
  }
  return told;
}

export async function copy(input: Partial<CopyInput> = {}): Promise<Told> {
  const { plan, faults } = await assess(input);
  if (plan === undefined) throw new Error(faults.join('; '));
  return carryOut(plan);
}

/** One step of a copy, or an undo of one. */
export function execute(
  sides: BothSides,
  step: Pick<Step, 'action' | 'arguments'>,
  watch: Watch,
): Promise<StepOutcome> {
  const call = callOf(sides.destination.platform.platform, step.arguments as never, 'copy/staging/1') as never;
  const executors: Record<string, () => Promise<StepOutcome>> = {
    ...({
      registerSource: () => registerSource(sides, call),
      verifySource: () => verifySource(sides, call),
      forgetSource: () => forgetSource(sides, call),
      removeIndices: () => removeIndices(sides, call),
      copyIndices: () => copyIndices(sides, call, watch),
      discardCopied: () => discardCopied(sides, call),
      verifyCopied: () => verifyCopied(sides, call, watch),
      raiseReplicas: () => raiseReplicas(sides, call),
      swapAliases: () => swapAliases(sides, call),
    } satisfies Record<keyof CopyStepArguments, () => Promise<StepOutcome>>),
    raiseThrottles: () => raiseThrottles(sides.destination, call),
    resetThrottles: () => resetThrottles(sides.destination, call),
  };
  const executor = executors[step.action];
  if (executor === undefined) throw new Error(`no step of a copy: ${step.action}`);
  return executor();
}

/** All that a person can see of the destination: its indices with documents and replicas, its aliases. */
export async function holds(client: Client = destination) {
  await client.indices.refresh({ expand_wildcards: ['open', 'hidden'] });
  const indices = await client.cat.indices({ format: 'json', expand_wildcards: 'all', h: 'index,docs.count,rep' });
  const aliases = await client.indices.getAlias({ expand_wildcards: 'all' });
  return {
    indices: Object.fromEntries(
      indices
        .map(({ index, 'docs.count': documents, rep }) => [
          index ?? '',
          `${documents ?? '-'} documents, ${rep ?? ''} replicas`,
        ])
        .toSorted(),
    ) as Record<string, string>,
    aliases: Object.entries(aliases)
      .flatMap(([index, { aliases: of }]) => Object.keys(of).map((alias) => `${alias} → ${index}`))
      .toSorted(),
  };
}

/** Nothing of a copy is left: repositories, cluster settings. */
export async function traces(client: Client = destination): Promise<string[]> {
  const { persistent, transient } = await client.cluster.getSettings({ flat_settings: true });
  return [...Object.keys(await client.snapshot.getRepository()), ...Object.keys(persistent), ...Object.keys(transient)];
}

export async function empty(client: Client = destination): Promise<void> {
  const { indices } = await holds(client);
  const names = Object.keys(indices);
  if (names.length > 0) await client.indices.delete({ index: names, expand_wildcards: 'all' });
}

import { overallVerdict, type Check } from '../../domain/checks.ts';
import { ChecksFailed } from '../../domain/checks-failed.ts';
import type { ContainerStarts } from '../../domain/plans/step-arguments.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import { servicesOf } from '../../domain/platform.ts';
import { storeKinds, type StreamedStore } from '../../domain/store-kinds.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { recipientOf } from '../../systems/encryption/age.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { backUpStore } from './back-up-store.ts';
import { openStreamStore, streamedStoreNamed } from './open-stream-store.ts';
import { artefactIn, expectedIn, writtenArtefact } from './read-artefact.ts';
import { removeParts } from './remove-parts.ts';
import { restoreParts, verifyParts } from './restore-store.ts';

// One executor for each action of streamed-steps.ts, for stores of every kind.

/** Failures: PreflightRefused; those of the store. */
export async function check(open: OpenPlatform, call: StepCall<'checkStore'>, watch: Watch): Promise<StepOutcome> {
  const store = streamedStoreNamed(open, call.arguments.store);
  const checks = await (await openStreamStore(open, store, call.run)).check(undefined, watch);
  demand(`${store.name} cannot be backed up`, checks, 'PreflightRefused');
  return { summary: checks.map(({ evidence }) => evidence).join('; '), checks };
}

/** Failures: MissingKey; those of the store and of the storage. */
export async function backUp(open: OpenPlatform, call: StepCall<'backUpStore'>, watch: Watch): Promise<StepOutcome> {
  const { platform } = open.platform;
  const { recoveryPoint: point } = call.arguments;
  const store = streamedStoreNamed(open, call.arguments.store);
  const recipient = await recipientOf(await open.identity());
  const driver = await openStreamStore(open, store, call.run);
  const { parts, totalBytes, moment } = await backUpStore(
    driver,
    store,
    {
      streams: await open.streams(),
      catalogue: open.catalogue,
      platform,
      point,
      recipient,
      silenceSeconds: store.silenceSeconds,
      ...(store.throttle !== undefined && { bytesPerSecond: store.throttle }),
    },
    watch,
  );
  return {
    summary: `${parts.length} parts, ${totalBytes} bytes as they are stored, encrypted; data as of ${moment.from}`,
  };
}

/** What is written of a point that has a manifest belongs to it, and stays. */
export async function discardParts(open: OpenPlatform, call: StepCall<'discardParts'>): Promise<StepOutcome> {
  const { store, recoveryPoint } = call.arguments;
  if ((await open.catalogue.findPoint(recoveryPoint)) !== undefined)
    return { summary: `The parts of ${store} belong to ${recoveryPoint} and stay` };
  const removed = await removeParts(open, recoveryPoint, store);
  return { summary: `${removed} objects of ${store} are removed: the backup did not finish` };
}

/** Failures: RepositoryCorrupted, CaptureUnreadable, MissingKey; those of the storage. */
export async function verify(open: OpenPlatform, call: StepCall<'verifyParts'>, watch: Watch): Promise<StepOutcome> {
  const { store, recoveryPoint } = call.arguments;
  const artefact = await writtenArtefact(open, recoveryPoint, store);
  const checks = await verifyParts(artefact, await open.streams(), await open.identity(), watch);
  return { summary: checks.map(({ evidence }) => evidence).join('; '), checks };
}

/**
 * The server is asked first whether it can take the point: nothing of it is changed when it cannot. Failures: RestoreFailed; those
 * of `restoreParts`.
 */
export async function restore(open: OpenPlatform, call: StepCall<'restoreParts'>, watch: Watch): Promise<StepOutcome> {
  const { recoveryPoint, store: name } = call.arguments;
  const store = streamedStoreNamed(open, name);
  const artefact = await artefactIn(open, recoveryPoint, name);
  const driver = await openStreamStore(open, store, call.run);
  const checks = await driver.check(await expectedIn(open, artefact), watch);
  demand(`${name} cannot take ${recoveryPoint}`, checks, 'RestoreFailed');
  const from = { streams: await open.streams(), identity: await open.identity(), run: call.run };
  await restoreParts(driver, artefact, from, watch);
  const bytes = artefact.parts.reduce((sum, { content }) => sum + content.bytes, 0);
  const starts = await startsOf(open, store, watch);
  return { summary: `${artefact.parts.length} parts, ${bytes} bytes`, checks, ...(starts && { starts }) };
}

/** Of containers that the restore itself has started: what is confirmed at the end is that they run on. */
async function startsOf(
  { docker, platform }: OpenPlatform,
  store: StreamedStore,
  watch: Watch,
): Promise<ContainerStarts | undefined> {
  if (!storeKinds[store.kind].restarts) return undefined;
  const { deployment } = platform;
  const { healthTimeoutSeconds: timeoutSeconds, settleSeconds } = deployment;
  const containers = await Promise.all(
    servicesOf(store).map((service) => docker.serviceContainers(deployment, service)),
  );
  const names = containers.flat().map(({ name }) => name);
  return docker.awaitHealthy(names, { timeoutSeconds, settleSeconds }, watch);
}

/** Failure: VerificationFailed. */
export async function compare(open: OpenPlatform, call: StepCall<'compareStore'>, watch: Watch): Promise<StepOutcome> {
  const { recoveryPoint, store: name } = call.arguments;
  const artefact = await artefactIn(open, recoveryPoint, name);
  const driver = await openStreamStore(open, streamedStoreNamed(open, name), call.run);
  const checks = await driver.compare(await expectedIn(open, artefact), watch);
  demand(`${name} does not match what was backed up`, checks, 'VerificationFailed');
  return { summary: `${name} holds all that was backed up`, checks };
}

export async function putBackParts(
  open: OpenPlatform,
  call: StepCall<'putBackParts'>,
  watch: Watch,
): Promise<StepOutcome> {
  const { names, driver } = await namesAndDriver(open, call);
  await driver.putBack(names, call.run, watch);
  return { summary: `${call.arguments.store} is as it was before the run` };
}

export async function releaseParts(
  open: OpenPlatform,
  call: StepCall<'releaseParts'>,
  watch: Watch,
): Promise<StepOutcome> {
  const { names, driver } = await namesAndDriver(open, call);
  await driver.release(names, call.run, watch);
  return { summary: `What ${call.arguments.store} had under these names at its first start is removed` };
}

async function namesAndDriver(open: OpenPlatform, call: StepCall<'putBackParts' | 'releaseParts'>) {
  const { recoveryPoint, store } = call.arguments;
  const { parts } = await artefactIn(open, recoveryPoint, store);
  const driver = await openStreamStore(open, streamedStoreNamed(open, store), call.run);
  return { names: parts.map(({ part }) => part), driver };
}

function demand(
  what: string,
  checks: Check[],
  kind: 'PreflightRefused' | 'RestoreFailed' | 'VerificationFailed',
): void {
  if (overallVerdict(checks) !== 'pass') throw new ChecksFailed(what, checks, kind);
}

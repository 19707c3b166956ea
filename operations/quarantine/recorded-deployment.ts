import type { DeploymentCapture } from '../../domain/deployment.ts';
import { Failure } from '../../domain/failures.ts';
import { isOtherNode, isSpread } from '../../domain/hosts.ts';
import type { ImagesElsewhere } from '../../domain/plans/step-arguments.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { HostName } from '../../domain/platform.ts';
import type { QuarantineInput, StepCall } from '../../domain/runs/run.ts';
import { decrypt, encrypt } from '../../systems/encryption/age.ts';
import { decodeJson, encodeJson } from '../json.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { captureEverywhere } from '../hosts/capture-everywhere.ts';
import { recordInventories } from '../hosts/inventories.ts';
import { observeHere } from '../hosts/observe-here.ts';

/** The object of a run that holds the deployment as it was before the run's first stop. */
const recordedDeployment = 'deployment.age';

/** The run's name for its quarantine and objects: people who start runs by hand reuse ids, so the execution is part of it. */
export function quarantineOf({ run, execution }: Pick<QuarantineInput, 'run' | 'execution'>): string {
  return `${run}~${execution.slice(0, 8)}`;
}

/** The other way round; undefined for a name that was not made so. */
export function ownerOf(name: string): Pick<QuarantineInput, 'run' | 'execution'> | undefined {
  const parts = /^(.+)~([0-9a-f]{8})$/s.exec(name);
  return parts ? { run: parts[1] ?? '', execution: parts[2] ?? '' } : undefined;
}

/**
 * Keeps what is there before the first stop, encrypted, so that undo and rollback can create it again. Also beside the data
 * that will be set aside: what is on the host must suffice for the way back, whatever becomes of the catalogue.
 */
export async function recordDeployment(open: OpenPlatform, call: StepCall<'recordDeployment'>): Promise<StepOutcome> {
  const owner = quarantineOf(call);
  const { image, images = {} } = call.arguments;
  if (isSpread(open.platform)) await recordInventories(open, owner);
  // A repeated step keeps what the first attempt saw: by now some of it may be stopped.
  let encrypted = await open.catalogue.findRunObject(owner, recordedDeployment);
  if (encrypted === undefined) {
    const capture = await captureEverywhere(open, owner);
    encrypted = await encrypt(encodeJson(capture), await open.identity());
    await open.catalogue.putRunObject(owner, recordedDeployment, encrypted);
  }
  if (image !== undefined) await open.docker.keepBeside({ run: owner, image, name: recordedDeployment }, encrypted);
  await onOthers(open, images, (host, asked) => open.ask(host, 'keepRecorded', { owner, ...asked }));
  const hosts = [...(image === undefined ? [] : [open.host]), ...Object.keys(images)];
  const onHosts = hosts.length > 1 ? `on ${hosts.join(', ')}` : 'on the host';
  const where = hosts.length === 0 ? 'in the catalogue' : `in the catalogue and ${onHosts}`;
  return { summary: `Recorded what is there now, encrypted, ${where}, so that undo and rollback can create it again` };
}

/** What nobody needs any more: the run is undone, and has set nothing aside. */
export async function forgetDeployment(open: OpenPlatform, call: StepCall<'forgetDeployment'>): Promise<StepOutcome> {
  const run = quarantineOf(call);
  const { image, images = {} } = call.arguments;
  const forgotten = await onOthers(open, images, async (host, asked) => ({
    host,
    forgotten: await open.ask(host, 'forgetRecorded', { owner: run, ...asked }),
  }));
  const keeping = forgotten.filter((other) => !other.forgotten).map(({ host }) => host);
  if (image !== undefined && !(await open.docker.forgetRun({ run, image }))) keeping.unshift(open.host);
  if (keeping.length > 0)
    return { summary: `Kept what was recorded: data that ${call.run} set aside is still on ${keeping.join(', ')}` };
  // What a catalogue that is away keeps is removed by the next prune.
  await open.catalogue.removeRunObjects(run).catch(() => undefined);
  return { summary: 'Removed what was recorded before the first stop' };
}

/** Keeps what another host's worker recorded beside the data that will be set aside here. */
export async function keepRecorded(
  open: OpenPlatform,
  { owner, image }: { owner: string; image: string },
): Promise<null> {
  const encrypted = await open.catalogue.findRunObject(owner, recordedDeployment);
  if (encrypted) await open.docker.keepBeside({ run: owner, image, name: recordedDeployment }, encrypted);
  return null;
}

function onOthers<T>(
  open: OpenPlatform,
  images: ImagesElsewhere,
  work: (host: HostName, asked: { image: string }) => Promise<T>,
): Promise<T[]> {
  const others = Object.entries(images).filter(([host]) => host !== open.host);
  return Promise.all(others.map(([host, image]) => work(host, { image })));
}

/** The image that this host's part of a run moves volumes with; undefined: none was moved here. */
export function imageHere(
  { platform, host }: Pick<OpenPlatform, 'platform' | 'host'>,
  { image, images }: Pick<QuarantineInput, 'image' | 'images'>,
): string | undefined {
  const isElsewhere = (isSpread(platform) && host !== platform.deployment.host) || isOtherNode(platform, host);
  return isElsewhere ? images?.[host] : image;
}

/**
 * What a run recorded before its first stop, from the catalogue or, where that does not give it, from beside the data on
 * the host, which `image` reads. Failures: CaptureUnreadable, MissingKey, those of the catalogue.
 */
export async function readRecordedDeployment(
  open: OpenPlatform,
  call: Pick<QuarantineInput, 'run' | 'execution' | 'image' | 'images'>,
): Promise<DeploymentCapture> {
  const run = quarantineOf(call);
  const identity = await open.identity();
  const fromCatalogue = async () => {
    const found = await open.catalogue.findRunObject(run, recordedDeployment);
    return found && (decodeJson(await decrypt(found, identity)) as DeploymentCapture);
  };
  const first = await fromCatalogue().catch((error: unknown) => ({ error }));
  if (first !== undefined && !('error' in first)) return first;
  const image = imageHere(open, call) ?? (await anyImage(open));
  const beside = image && (await open.docker.readBeside({ run, image, name: recordedDeployment }));
  if (beside) return decodeJson(await decrypt(beside, identity)) as DeploymentCapture;
  if (first) throw first.error;
  throw new Failure('CaptureUnreadable', {
    message: `Neither the catalogue nor ${open.host} holds the deployment that ${run} recorded`,
    remedy: 'Restore a recovery point instead: the run stopped nothing, or its quarantine was released',
  });
}

async function anyImage(open: OpenPlatform): Promise<string | undefined> {
  return (await observeHere(open)).containers[0]?.image;
}

import type { DeploymentCapture } from '../../domain/deployment.ts';
import { Failure } from '../../domain/failures.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { QuarantineInput, StepCall } from '../../domain/runs/run.ts';
import { decrypt, encrypt } from '../../systems/encryption/age.ts';
import { decodeJson, encodeJson } from '../json.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { captureNow } from '../stores/capture-now.ts';

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
  const { image } = call.arguments;
  // A repeated step keeps what the first attempt saw: by now some of it may be stopped.
  let encrypted = await open.catalogue.findRunObject(owner, recordedDeployment);
  if (encrypted === undefined) {
    const capture = await captureNow(open);
    encrypted = await encrypt(encodeJson(capture), await open.identity());
    await open.catalogue.putRunObject(owner, recordedDeployment, encrypted);
  }
  if (image !== undefined) await open.docker.keepBeside({ run: owner, image, name: recordedDeployment }, encrypted);
  const where = image === undefined ? 'in the catalogue' : 'in the catalogue and on the host';
  return { summary: `Recorded what is there now, encrypted, ${where}, so that undo and rollback can create it again` };
}

/** What nobody needs any more: the run is undone, and has set nothing aside. */
export async function forgetDeployment(open: OpenPlatform, call: StepCall<'forgetDeployment'>): Promise<StepOutcome> {
  const run = quarantineOf(call);
  const { image } = call.arguments;
  if (image !== undefined && !(await open.docker.forgetRun({ run, image })))
    return { summary: `Kept what was recorded: data that ${call.run} set aside is still on ${open.host}` };
  // What a catalogue that is away keeps is removed by the next prune.
  await open.catalogue.removeRunObjects(run).catch(() => undefined);
  return { summary: 'Removed what was recorded before the first stop' };
}

/**
 * What a run recorded before its first stop, from the catalogue or, where that does not give it, from beside the data on
 * the host, which `image` reads. Failures: CaptureUnreadable, MissingKey, those of the catalogue.
 */
export async function readRecordedDeployment(
  open: OpenPlatform,
  call: Pick<QuarantineInput, 'run' | 'execution' | 'image'>,
): Promise<DeploymentCapture> {
  const run = quarantineOf(call);
  const identity = await open.identity();
  const fromCatalogue = async () => {
    const found = await open.catalogue.findRunObject(run, recordedDeployment);
    return found && (decodeJson(await decrypt(found, identity)) as DeploymentCapture);
  };
  const first = await fromCatalogue().catch((error: unknown) => ({ error }));
  if (first !== undefined && !('error' in first)) return first;
  const image = call.image ?? (await anyImage(open));
  const beside = image && (await open.docker.readBeside({ run, image, name: recordedDeployment }));
  if (beside) return decodeJson(await decrypt(beside, identity)) as DeploymentCapture;
  if (first) throw first.error;
  throw new Failure('CaptureUnreadable', {
    message: `Neither the catalogue nor ${open.host} holds the deployment that ${run} recorded`,
    remedy: 'Restore a recovery point instead: the run stopped nothing, or its quarantine was released',
  });
}

async function anyImage({ docker, platform, host }: OpenPlatform): Promise<string | undefined> {
  return (await docker.observe(platform.deployment, host)).containers[0]?.image;
}

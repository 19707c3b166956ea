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

/** Keeps what runs before the first stop, encrypted, so that undo and rollback can create it again. */
export async function recordDeployment(open: OpenPlatform, call: StepCall<'recordDeployment'>): Promise<StepOutcome> {
  const owner = quarantineOf(call);
  // A repeated step keeps what the first attempt saw: by now some of it may be stopped.
  if ((await open.catalogue.findRunObject(owner, recordedDeployment)) === undefined) {
    const capture = await captureNow(open);
    const encrypted = await encrypt(encodeJson(capture), await open.identity());
    await open.catalogue.putRunObject(owner, recordedDeployment, encrypted);
  }
  return { summary: 'Recorded what runs now, encrypted, so that undo and rollback can create it again' };
}

/** What a run recorded before its first stop; `owner`: see `quarantineOf`. Failures: CaptureUnreadable, MissingKey. */
export async function readRecordedDeployment(open: OpenPlatform, owner: string): Promise<DeploymentCapture> {
  const encrypted = await open.catalogue.findRunObject(owner, recordedDeployment);
  if (encrypted === undefined)
    throw new Failure('CaptureUnreadable', {
      message: `The catalogue holds no deployment recorded by ${owner}`,
      remedy: 'Restore a recovery point instead: the run stopped nothing, or its quarantine was released',
    });
  return decodeJson(await decrypt(encrypted, await open.identity())) as DeploymentCapture;
}

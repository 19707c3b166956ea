import { checkLeftOut } from '../preflight/left-out.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import { encrypt } from '../../systems/encryption/age.ts';
import { encodeJson } from '../json.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { captureNow } from '../stores/capture-now.ts';
import { imagesObject } from './publish-recovery-point.ts';

/** Keeps what the platform is made of, encrypted, so that a restore can create it again on an empty engine. */
export async function captureDeployment(
  open: OpenPlatform,
  { arguments: { recoveryPoint } }: StepCall<'captureDeployment'>,
): Promise<StepOutcome> {
  const identity = await open.identity();
  const capture = await captureNow(open);
  await open.catalogue.putObject(recoveryPoint, 'capture.age', await encrypt(encodeJson(capture), identity));
  // Beside it in the clear, names only: the manifest shows them without the key.
  const images = Object.fromEntries(capture.containers.map(({ service, image }) => [service, image]));
  await open.catalogue.putObject(recoveryPoint, imagesObject, encodeJson(images));
  const { containers, networks, volumes, files, leftOut } = capture;
  const checks = checkLeftOut(leftOut);
  return {
    summary: `${containers.length} containers, ${networks.length} networks, ${volumes.length} volumes, ${files.length} files, encrypted`,
    checks: checks === undefined ? [] : [checks],
  };
}

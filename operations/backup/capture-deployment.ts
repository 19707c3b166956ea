import { checkLeftOut } from '../preflight/left-out.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { encrypt } from '../../systems/encryption/age.ts';
import { encodeJson } from '../json.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { captureEverywhere } from '../hosts/capture-everywhere.ts';
import { otherHosts } from '../hosts/observe-here.ts';
import { quarantineOf } from '../quarantine/recorded-deployment.ts';
import { imagesObject } from './publish-recovery-point.ts';

/** Keeps what the platform is made of, encrypted, so that a restore can create it again on an empty engine. */
export async function captureDeployment(
  open: OpenPlatform,
  call: StepCall<'captureDeployment'>,
  watch: Watch = {},
): Promise<StepOutcome> {
  const { recoveryPoint } = call.arguments;
  const identity = await open.identity();
  const others = otherHosts(open);
  const owner = quarantineOf(call);
  const capture = await captureEverywhere(open, owner, watch);
  await open.catalogue.putObject(recoveryPoint, 'capture.age', await encrypt(encodeJson(capture), identity));
  if (others.length > 0) await open.catalogue.removeRunObjects(owner);
  // Beside it in the clear, names only: the manifest shows them without the key.
  const images = Object.fromEntries(capture.containers.map(({ service, image }) => [service, image]));
  await open.catalogue.putObject(recoveryPoint, imagesObject, encodeJson(images));
  const { containers, networks, volumes, files, leftOut } = capture;
  const checks = checkLeftOut(leftOut);
  return {
    summary: `${containers.length} containers, ${networks.length} networks, ${volumes.length} volumes, ${files.length} files${others.length > 0 ? ` of ${others.length + 1} hosts` : ''}, encrypted`,
    checks: checks === undefined ? [] : [checks],
  };
}

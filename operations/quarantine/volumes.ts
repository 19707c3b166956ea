import { failed, passed, type Check } from '../../domain/checks.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import type { Inventory } from '../../systems/docker/quarantine/quarantine.ts';
import type { Dependencies } from '../open-platform.ts';
import { quarantineOf } from './recorded-deployment.ts';

export async function quarantineVolume(
  { docker }: Dependencies,
  call: StepCall<'quarantineVolume'>,
  { signal }: Watch,
): Promise<StepOutcome> {
  const { volume, image } = call.arguments;
  const { path, inventory } = await docker.quarantineVolume({ volume, image, run: quarantineOf(call), signal });
  return { summary: `Kept in ${path}${inventory ? `: ${figures(inventory)}` : ''}` };
}

export async function returnVolume(
  { docker }: Dependencies,
  call: StepCall<'returnVolume'>,
  { signal }: Watch,
): Promise<StepOutcome> {
  const { volume, image } = call.arguments;
  const { recorded, found } = await docker.returnVolume({ volume, image, run: quarantineOf(call), signal });
  const check = checkReturned(volume, recorded, found);
  return { summary: `${volume} holds its former data again: ${check.evidence}`, checks: [check] };
}

export async function adoptVolume(
  { docker }: Dependencies,
  call: StepCall<'adoptVolume'>,
  { signal }: Watch,
): Promise<StepOutcome> {
  const { volume, from, image } = call.arguments;
  const { inventory } = await docker.adoptVolume({ volume, from, image, run: quarantineOf(call), signal });
  return { summary: `${volume} holds the data of ${from}${inventory ? `: ${figures(inventory)}` : ''}` };
}

const figures = ({ files, bytes }: Inventory) => `${files} files, ${bytes} bytes`;

/** Whether what came back is what was set aside, as far as names and sizes tell. */
function checkReturned(volume: string, recorded: Inventory | undefined, found: Inventory | undefined): Check {
  const name = `quarantine ${volume}`;
  if (recorded === undefined || found === undefined)
    return passed(name, 'Brought back; it was too large to be listed, or was back already');
  if (recorded.checksum === found.checksum) return passed(name, `As it was: ${figures(found)}`);
  return failed(
    name,
    `Not as it was: ${figures(recorded)} were set aside, ${figures(found)} came back`,
    'Compare it with a recovery point: the data was changed while in quarantine',
  );
}

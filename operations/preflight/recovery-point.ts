import { failed, passed, type Check } from '../../domain/checks.ts';
import { bringUpCommand } from '../../domain/deployment-place.ts';
import { servicesInStopOrder } from '../../domain/platform.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import { captureSourceOf } from '../../domain/plans/restore-steps/situation.ts';
import { beforeRun } from '../../domain/plans/step-arguments.ts';
import { acceptCommand } from '../../domain/recovery-points/judge-content.ts';

/**
 * The parts of the recovery point have been read by now. An older point than the wanted one is never taken silently: whoever
 * wants it names it. A suspect point is accepted by a person before it is restored, and one that holds nothing never is.
 */
export function checkRecoveryPoint(situation: RestoreSituation): Check {
  const { platform, manifest, passedOver = [], suspect, indices } = situation;
  const name = 'recovery point';
  const { id, startedAt } = manifest;
  const command = `"rekindle restore ${platform.platform} --point ${id}"`;
  if (passedOver.length > 0)
    return failed(
      name,
      `Cannot be read back: ${passedOver.join('; ')}; the next older one that can is ${id}, with data as of ${startedAt}, and the other checks are about it`,
      `Restore ${id} with ${command} when its data will do; find out who changed the catalogue, for its objects never change`,
    );
  if (suspect !== undefined)
    return failed(
      name,
      `${id} is suspect: ${suspect}`,
      `Restore an older one that "rekindle points ${platform.platform}" lists, or, if ${id} holds what it should, accept it first: ${acceptCommand(platform.platform, id)}`,
    );
  const empty = manifest.stores.map(({ store }) => store).filter((store) => (indices[store] ?? []).length === 0);
  if (empty.length > 0)
    return failed(
      name,
      `${id} holds no index of ${empty.join(', ')}: a restore would put nothing in the place of what is there`,
      `Choose another one that "rekindle points ${platform.platform}" lists`,
    );
  if (manifest.capture)
    return passed(name, `${id}: manifest, expected set and deployment capture were read back completely`);
  const read = `${id}, adopted (taken by ${manifest.adopted?.takenBy ?? 'others'}): manifest and expected set were read back completely`;
  if (situation.captureSource === undefined) return withoutCapture(situation, `${read}; it has no deployment capture`);
  const source = captureSourceOf(situation);
  const from = source === beforeRun ? 'the deployment as it stands' : `the capture of ${source}`;
  return passed(name, `${read}; services are created from ${from}; counts and templates are not known`);
}

function withoutCapture({ platform, observed }: RestoreSituation, evidence: string): Check {
  const stands = (service: string) => observed.containers.some((container) => container.service === service);
  const missing = servicesInStopOrder(platform).filter((service) => !stands(service));
  return failed(
    'recovery point',
    `${evidence}, no other recovery point has one that can be read, and these services are not on the engine: ${missing.join(', ')}`,
    `Create them with ${bringUpCommand(platform.deployment)}, then check again: "rekindle check ${platform.platform}"`,
  );
}

import { failed, passed, type Check } from '../../domain/checks.ts';
import { servicesInStopOrder } from '../../domain/platform.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import { captureSourceOf } from '../../domain/plans/restore-steps/situation.ts';
import { beforeRun } from '../../domain/plans/steps.ts';

/** The parts of the recovery point have been read by now; an adopted one needs the deployment capture of another point. */
export function checkRecoveryPoint(situation: RestoreSituation): Check {
  const { manifest, passedOver = [] } = situation;
  const name = 'recovery point';
  const newer = passedOver.length > 0 ? `; passed over, since they cannot be read: ${passedOver.join('; ')}` : '';
  if (manifest.capture)
    return passed(
      name,
      `${manifest.id}: manifest, expected set and deployment capture were read back completely${newer}`,
    );
  const read = `${manifest.id}, adopted (taken by ${manifest.adopted?.takenBy ?? 'others'}): manifest and expected set were read back completely`;
  if (situation.captureSource === undefined) return withoutCapture(situation, `${read}; it has no deployment capture`);
  const source = captureSourceOf(situation);
  const from = source === beforeRun ? 'the deployment as it stands' : `the capture of ${source}`;
  return passed(name, `${read}; services are created from ${from}; counts and templates are not known${newer}`);
}

function withoutCapture({ platform, observed }: RestoreSituation, evidence: string): Check {
  const stands = (service: string) => observed.containers.some((container) => container.service === service);
  const missing = servicesInStopOrder(platform).filter((service) => !stands(service));
  return failed(
    'recovery point',
    `${evidence}, no other recovery point has one that can be read, and these services are not on the engine: ${missing.join(', ')}`,
    `Create them with the platform's Compose file ("docker-compose -p ${platform.deployment.project} up -d"), then check again: "rekindle check ${platform.platform}"`,
  );
}

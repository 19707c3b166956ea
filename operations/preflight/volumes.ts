import { failed, passed, type Check } from '../../domain/checks.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';

/** Only what the plan names, and only volumes that a rename really moves, may be moved. */
export function checkVolumes({
  platform,
  observed,
  capture,
  volumes,
}: Pick<RestoreSituation, 'platform' | 'observed' | 'capture' | 'volumes'>): Check {
  const isData = ({ service }: { service: string }) => platform.deployment.data.includes(service);
  const named = new Set([...observed.containers, ...capture.containers].filter(isData).flatMap((one) => one.volumes));
  const ours = new Set(observed.containers.map(({ name }) => name));
  const present = observed.volumes.filter(({ name }) => named.has(name));
  const faults = present.flatMap(({ name, driver, hasOptions, usedBy, finished }) => {
    // A rename disturbs nobody who has done its work; a volume is only removed when no container has it.
    const at = (container: string) => volumes === 'remove' || !finished.includes(container);
    const others = usedBy.filter((container) => !ours.has(container) && at(container));
    if (others.length > 0) return [`${name} is also used by ${others.join(', ')}`];
    if (volumes === 'quarantine' && (driver !== 'local' || hasOptions))
      return [`${name} (driver ${driver}${hasOptions ? ' with options' : ''}) cannot be set aside by a rename`];
    return [];
  });
  const services = [...observed.containers, ...capture.containers].filter(isData);
  for (const service of platform.deployment.data) {
    const containers = services.filter((container) => container.service === service);
    if (containers.length > 0 && containers.every((container) => container.volumes.length === 0))
      faults.push(`${service} keeps its data in no named volume, so its old data cannot be set aside`);
  }
  if (faults.length > 0)
    return failed(
      'volumes',
      faults.join('; '),
      'Stop the other users of the volume, or move the data to a plain local volume of the service',
    );
  return passed(
    'volumes',
    present.length === 0
      ? 'No data volume is left'
      : `${present.map(({ name }) => name).join(', ')} can be ${volumes === 'quarantine' ? 'set aside' : 'removed'}`,
  );
}

import { failed, passed, type Check } from '../../domain/checks.ts';
import { servicesInStopOrder } from '../../domain/platform.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';

export function checkServices({ platform, observed, capture }: RestoreSituation): Check {
  const known = new Set([...observed.containers, ...capture.containers].map(({ service }) => service));
  const unknown = servicesInStopOrder(platform).filter((service) => !known.has(service));
  if (unknown.length > 0)
    return failed(
      'services',
      `Neither on the engine nor in the capture: ${unknown.join(', ')}`,
      'Correct the names in the platform file, or choose a recovery point whose capture holds these services',
    );
  const gone = servicesInStopOrder(platform).filter(
    (service) => !observed.containers.some((container) => container.service === service),
  );
  const origin = gone.length === 0 ? 'All are on the engine' : `${gone.join(', ')} will be created from the capture`;
  return passed('services', origin);
}

export function checkOtherContainers({ observed: { otherContainers } }: Pick<RestoreSituation, 'observed'>): Check {
  if (otherContainers.length === 0)
    return passed('other containers', 'No other container is on the networks of the data services');
  const names = otherContainers.map(({ container, network }) => `${container} (on ${network})`).join(', ');
  return failed(
    'other containers',
    `Running on the data services' networks and not named in the platform file: ${names}`,
    'Each may be a client of the database: add its service to deployment.alsoStop, or stop it',
  );
}

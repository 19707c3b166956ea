import { nearest } from '../../config/nearest.ts';
import { failed, passed, type Check } from '../../domain/checks.ts';
import {
  servicesInStopOrder,
  servicesOf,
  type ComposeDeployment,
  type Platform,
  type ServiceName,
} from '../../domain/platform.ts';

export interface Project {
  project: string;
  services: readonly ServiceName[];
}

/** Whether the engine has the project and each of its services; of a project that is not there nothing more is said. */
export function checkNames(
  platform: Platform & { deployment: ComposeDeployment },
  projects: readonly Project[],
): Check[] {
  const { project } = platform.deployment;
  const found = projects.find((one) => one.project === project);
  if (found === undefined)
    return [
      failed(
        'project',
        `No container on the engine belongs to a Compose project "${project}"${guess([project], projectNames(projects))}`,
        'Correct deployment.project in the platform file, or start the platform; "docker compose ls --all" lists the projects',
      ),
    ];
  return [
    passed('project', `"${project}" has ${found.services.length} services`),
    checkServiceNames(platform, found, projects),
  ];
}

function checkServiceNames(platform: Platform, { project, services }: Project, projects: readonly Project[]): Check {
  const named = placesOfServices(platform);
  const ofOthers = projects.flatMap((other) => other.services.map((service) => `${other.project}/${service}`));
  const unknown = [...named.keys()].filter((service) => ![...services, ...ofOthers].includes(service));
  if (unknown.length === 0)
    return passed('services', `All ${named.size} services of the platform file have a container`);
  const places = unknown.map((service) => `"${service}" (${(named.get(service) ?? []).join(', ')})`);
  return failed(
    'services',
    `No container in the project "${project}": ${places.join(', ')}${guess(unknown, services)}`,
    `Correct the names in the platform file, or start what is missing; the project's services: ${services.join(', ')}`,
  );
}

/** Where the platform file names each service. */
export function placesOfServices(platform: Platform): Map<ServiceName, string[]> {
  const { deployment, stores, smoke, backup } = platform;
  const places = new Map<ServiceName, string[]>();
  const add = (service: ServiceName, place: string) => places.set(service, [...(places.get(service) ?? []), place]);
  for (const service of servicesInStopOrder(platform))
    add(service, deployment.data.includes(service) ? 'data' : deployment.core.includes(service) ? 'core' : 'alsoStop');
  for (const store of stores) for (const service of servicesOf(store)) add(service, `stores.${store.name}`);
  for (const check of smoke) if ('service' in check) add(check.service, 'smoke');
  for (const { name, service } of backup.hooks ?? []) add(service, `backup.hooks.${name}`);
  return places;
}

const projectNames = (projects: readonly Project[]) => projects.map(({ project }) => project);

/** `; did you mean "api"?`; empty when nothing is near. */
export function guess(wrong: readonly string[], known: readonly string[]): string {
  const near = wrong.flatMap((word) => nearest(word, known) ?? []);
  return near.length === 0 ? '' : `; did you mean ${near.map((word) => `"${word}"`).join(', ')}?`;
}

import { failed, passed, type Check } from '../../domain/checks.ts';
import type { Platform, SwarmDeployment } from '../../domain/platform.ts';
import { swarmNameOf } from '../../domain/swarm.ts';
import { guess, placesOfServices } from './names.ts';

/** Whether the swarm has each service that the platform file names; of a swarm without services nothing more is said. */
export function checkSwarmNames(platform: Platform, deployment: SwarmDeployment, services: readonly string[]): Check[] {
  const { stack } = deployment;
  const own = services.filter((service) => stack === undefined || service.startsWith(`${stack}_`));
  if (own.length === 0)
    return [
      failed(
        'swarm',
        stack === undefined
          ? 'The swarm has no services'
          : `The swarm has no service of a stack "${stack}"${guess([stack], stacksAmong(services))}`,
        'Correct deployment.stack in the platform file, or deploy the stack; "docker service ls" lists the services',
      ),
    ];
  const places = placesOfServices(platform);
  const unknown = [...places.keys()].filter((service) => !services.includes(swarmNameOf(deployment, service)));
  const swarm = passed(
    'swarm',
    `${services.length} services${stack === undefined ? '' : `, ${own.length} of "${stack}"`}`,
  );
  if (unknown.length === 0)
    return [swarm, passed('services', `The swarm has all ${places.size} services of the platform file`)];
  const named = unknown.map((service) => `"${service}" (${(places.get(service) ?? []).join(', ')})`);
  const short = own.map((service) => (stack === undefined ? service : service.slice(stack.length + 1)));
  return [
    swarm,
    failed(
      'services',
      `The swarm has no service ${named.join(', ')}${guess(unknown, short)}`,
      `Correct the names in the platform file, or deploy what is missing; the ${stack === undefined ? 'swarm' : `stack "${stack}"`} has: ${short.join(', ')}`,
    ),
  ];
}

const stacksAmong = (services: readonly string[]) => [
  ...new Set(services.flatMap((service) => /^(.+?)_/.exec(service)?.[1] ?? [])),
];

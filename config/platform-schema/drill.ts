import { z } from 'zod';
import type { DrillPolicy } from '../../domain/drills/drill-policy.ts';
import { hostsOf } from '../../domain/hosts.ts';
import type { Platform } from '../../domain/platform.ts';
import { type Fault, name, serviceName, size } from './common.ts';
import { timing } from './timing.ts';

// When a restore is rehearsed next to the platform, and what that may take.

const unitBytes: Record<string, number> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** Of a size that the schema let through. */
function bytesOf(text: string): number {
  const [, number = '', unit = 'b'] = /^(\d+)([a-z]+)$/.exec(text) ?? [];
  return Number(number) * (unitBytes[unit] ?? 1);
}

/** The engine makes no container with less. */
const leastBytes = 6 * 1024 ** 2;
const leastProcessors = 0.01;

const limit = size.refine((text) => bytesOf(text) >= leastBytes, 'must be 6mb or more: no container starts with less');

const coreService = z.union(
  [
    serviceName,
    z.strictObject({
      service: serviceName,
      memory: limit
        .optional()
        .describe('What its container may take. Default: the limit that it has on the platform, 512mb if it has none'),
    }),
  ],
  { error: 'expected a service, or { service: api, memory: 1gb }' },
);

export const drill = z
  .strictObject({
    schedule: timing.optional().describe('Absent: drills are started by hand only'),
    core: z.array(coreService).default([]).describe('Core services that a drill starts and checks as well'),
    host: name
      .optional()
      .describe('On whose engine, of a platform on Swarm or on several hosts; default: where the documents lie'),
    memory: limit
      .optional()
      .describe(
        'What all containers of a drill may take together. Default: 1536mb, and what core services and ways take',
      ),
    processors: z
      .number()
      .min(leastProcessors)
      .max(1024)
      .default(1)
      .describe('What each container of a drill may take'),
    disk: size
      .optional()
      .describe(
        'What the restored indices may take; when all do not fit, successive drills take turns. Default: what is free',
      ),
  })
  .prefault({})
  .transform(({ core, memory, disk, host, ...rest }): DrillPolicy => {
    const entries = core.map((entry) => (typeof entry === 'string' ? { service: entry } : entry));
    const given = entries.flatMap(({ service, memory: own }) => (own === undefined ? [] : [[service, bytesOf(own)]]));
    return {
      ...rest,
      ...(host !== undefined && { host }),
      core: entries.map(({ service }) => service),
      ...(given.length > 0 && { coreMemory: Object.fromEntries(given) as Record<string, number> }),
      ...(memory !== undefined && { memoryBytes: bytesOf(memory) }),
      ...(disk !== undefined && { diskBytes: bytesOf(disk) }),
    };
  })
  .describe('A restore that is rehearsed next to the living platform');

export function drillFaults({ drill: wanted, deployment }: Pick<Platform, 'drill' | 'deployment'>): Fault[] {
  const faults: Fault[] = [];
  const core = wanted?.core ?? [];
  for (const [position, service] of core.entries()) {
    if (!deployment.core.includes(service))
      faults.push([['drill', 'core', position], `"${service}" is not among deployment.core`]);
    if (core.indexOf(service) !== position) faults.push([['drill', 'core', position], `"${service}" is named twice`]);
  }
  if (wanted?.schedule !== undefined && deployment.kind === 'none')
    faults.push([['drill', 'schedule'], 'a drill needs a platform that Docker Compose or Docker Swarm deploys']);
  const hosts = hostsOf({ deployment }, '');
  // Swarm's nodes stand in no platform file.
  if (wanted?.host !== undefined && deployment.kind !== 'swarm' && !hosts.includes(wanted.host))
    faults.push([['drill', 'host'], `"${wanted.host}" is neither deployment.host nor in deployment.hosts`]);
  return faults;
}

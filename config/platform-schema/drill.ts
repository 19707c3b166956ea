import { z } from 'zod';
import type { DrillPolicy } from '../../domain/drills/drill-policy.ts';
import type { Platform } from '../../domain/platform.ts';
import { type Fault, serviceName, size } from './common.ts';
import { timing } from './timing.ts';

// When a restore is rehearsed next to the platform, and what that may take.

const unitBytes: Record<string, number> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** Of a size that the schema let through. */
function bytesOf(text: string): number {
  const [, number = '', unit = 'b'] = /^(\d+)([a-z]+)$/.exec(text) ?? [];
  return Number(number) * (unitBytes[unit] ?? 1);
}

export const drill = z
  .strictObject({
    schedule: timing.optional().describe('Absent: drills are started by hand only'),
    core: z.array(serviceName).default([]).describe('Core services that a drill starts and checks as well'),
    memory: size.default('1536mb').describe('What all containers of a drill may take together'),
    processors: z.number().positive().max(1024).default(1).describe('What each container of a drill may take'),
    disk: size
      .optional()
      .describe(
        'What the restored indices may take; when all do not fit, successive drills take turns. Default: what is free',
      ),
  })
  .prefault({})
  .transform(({ memory, disk, ...rest }): DrillPolicy => ({
    ...rest,
    memoryBytes: bytesOf(memory),
    ...(disk !== undefined && { diskBytes: bytesOf(disk) }),
  }))
  .describe('A restore that is rehearsed next to the living platform');

export function drillFaults({ drill: wanted, deployment }: Pick<Platform, 'drill' | 'deployment'>): Fault[] {
  const faults: Fault[] = [];
  for (const [position, service] of (wanted?.core ?? []).entries())
    if (!deployment.core.includes(service))
      faults.push([['drill', 'core', position], `"${service}" is not among deployment.core`]);
  if (wanted?.schedule !== undefined && deployment.kind !== 'compose')
    faults.push([['drill', 'schedule'], 'a drill needs a platform that Docker Compose deploys']);
  return faults;
}

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { FailureThreshold, FleetInput } from '../domain/fleet/fleet.ts';
import type { PlatformName } from '../domain/platform.ts';
import { invalidFile, parseChecked, unreadableFile } from './checked-yaml.ts';
import { nearest } from './nearest.ts';
import { name } from './platform-schema/common.ts';

/** A platform's name, or a pattern: `*` stands for any characters, `?` for one. */
const pattern = z
  .string()
  .regex(/^[a-z0-9*?][a-z0-9._*?-]*$/i, 'must be the name of a platform, in which * and ? may stand for others');

const most = z.number().int().min(1).max(2000);

const share = z
  .string()
  .refine((text) => /^\d+(\.\d+)?%$/.test(text) && percentOf(text) > 0 && percentOf(text) <= 100, {
    error: 'expected a share of the fleet, more than 0% and at most 100%',
  });
const percentOf = (text: string) => Number(text.replace('%', ''));

const threshold = z
  .union([z.number().int().min(1).max(100_000), share], {
    error: 'expected a number of platforms from 1 on, or a share of the fleet such as 5%',
  })
  .transform((given): FailureThreshold =>
    typeof given === 'number' ? { count: given } : { percent: percentOf(given) },
  );

export const fleetSchema = z
  .strictObject({
    fleet: name.describe('Its name: the restore is the workflow fleet/<name>'),
    platforms: z.array(pattern).min(1).describe('Names of platforms, or patterns such as shop-*'),
    except: z.array(pattern).default([]).describe('Of these, what is left out'),
    canaries: z.array(name).default([]).describe('Of these, restored first; all must pass before another begins'),
    waveSize: most.default(50).describe('Platforms of a wave, after the canaries'),
    limits: z
      .strictObject({
        overall: most.default(10).describe('So many are restored at the same time'),
        perHost: most.optional().describe('On one machine'),
        perRepository: most.optional().describe('From one bucket'),
      })
      .prefault({}),
    stopWhenFailed: threshold
      .prefault(1)
      .describe('When so many have failed, or such a share of the fleet, nothing more begins until a person says so'),
    approval: z
      .enum(['wave', 'each'])
      .default('wave')
      .describe('wave: one approval for all plans of a wave; each: every restore asks as its platform file says'),
  })
  .superRefine((file, context) => {
    for (const key of ['platforms', 'except', 'canaries'] as const)
      for (const [position, entry] of file[key].entries())
        if (file[key].indexOf(entry) !== position)
          context.addIssue({ code: 'custom', path: [key, position], message: `"${entry}" stands there twice` });
  });

export type FleetFile = z.infer<typeof fleetSchema>;

const kind = {
  schema: fleetSchema,
  called: 'a fleet file',
  failure: 'InvalidFleetFile',
  remedy: 'Fix the lines above; docs/fleet.md lists every key',
} as const;

export function parseFleetFile(text: string, file: string, environment: NodeJS.ProcessEnv): FleetFile {
  return parseChecked(text, file, kind, environment);
}

/** Their list travels from one execution of the workflow to the next, and Temporal takes 2 MB. */
const mostPlatforms = 4000;

/** What the file says, with its patterns resolved. */
export type ResolvedFleet = Omit<FleetInput, 'restore' | 'startedBy' | 'approvedBy'>;

/**
 * Reads the file and finds its platforms among `known`. Failures: InvalidFleetFile (every fault at once, each with its
 * key), MissingSecret.
 */
export async function loadFleetFile(
  file: string,
  known: readonly PlatformName[],
  environment: NodeJS.ProcessEnv,
): Promise<ResolvedFleet> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unreadableFile(file, kind, { error, variable: '--fleet' });
  });
  return resolveFleet(parseFleetFile(text, file, environment), path.basename(file), known);
}

/** Failure: InvalidFleetFile, for names that no platform has and patterns that none fits. */
export function resolveFleet(file: FleetFile, called: string, known: readonly PlatformName[]): ResolvedFleet {
  const { except, ...rest } = file;
  const faults: string[] = [];
  const left = new Set(except.flatMap((entry) => fitting(entry, known)));
  const chosen = new Set<PlatformName>();
  for (const [position, entry] of file.platforms.entries()) {
    const found = fitting(entry, known);
    if (found.length === 0) faults.push(`platforms[${position}]: ${missing(entry, known)}`);
    for (const platform of found) if (!left.has(platform)) chosen.add(platform);
  }
  for (const [position, entry] of except.entries())
    if (fitting(entry, known).length === 0) faults.push(`except[${position}]: ${missing(entry, known)}`);
  for (const [position, canary] of file.canaries.entries())
    if (!chosen.has(canary)) faults.push(`canaries[${position}]: "${canary}" is not among the platforms of the fleet`);
  if (chosen.size > mostPlatforms)
    faults.push(`platforms: ${chosen.size} fit, and a fleet holds at most ${mostPlatforms}; divide it (docs/scale.md)`);
  if (faults.length === 0 && chosen.size === 0) faults.push('platforms: none is left, since except names them all');
  if (faults.length > 0) throw invalidFile(called, kind, faults);
  return { ...rest, platforms: [...chosen].toSorted() };
}

const isPattern = (entry: string) => /[*?]/.test(entry);

function fitting(entry: string, known: readonly PlatformName[]): PlatformName[] {
  if (!isPattern(entry)) return known.filter((platform) => platform === entry);
  const text = entry
    .replaceAll('.', String.raw`\.`)
    .replaceAll('?', '.')
    .replaceAll('*', '.*');
  const expression = new RegExp(`^${text}$`);
  return known.filter((platform) => expression.test(platform));
}

function missing(entry: string, known: readonly PlatformName[]): string {
  if (isPattern(entry)) return `no platform fits "${entry}"; ${listed(known)}`;
  const near = nearest(entry, known);
  return `there is no platform file "${entry}.yaml"; ${near === undefined ? listed(known) : `did you mean "${near}"?`}`;
}

const shown = 10;

function listed(known: readonly PlatformName[]): string {
  if (known.length === 0) return 'there are no platform files';
  const more = known.length > shown ? `, and ${known.length - shown} more` : '';
  return `known platforms: ${known.slice(0, shown).join(', ')}${more}`;
}

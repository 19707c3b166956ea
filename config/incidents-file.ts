import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { hides } from '../domain/incidents/rules.ts';
import type { PlatformName } from '../domain/platform.ts';
import { invalidFile, parseChecked, unreadableFile } from './checked-yaml.ts';
import type { Environment } from './environment.ts';
import { rules } from './incidents-schema/rules.ts';
import { sources } from './incidents-schema/sources.ts';
import { nearest } from './nearest.ts';
import { listPlatforms } from './platform-file.ts';

export const incidentsSchema = z.strictObject({ sources, rules }).superRefine((file, context) => {
  const report = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path: ['rules', ...path], message, input: undefined });
  for (const [position, rule] of file.rules.entries()) {
    if (rule.source !== undefined && !file.sources[rule.source])
      report([position, 'source'], `"${rule.source}" is not among sources, so nothing of it is taken`);
    const hiding = file.rules.slice(0, position).findIndex((earlier) => hides(earlier, rule));
    if (hiding !== -1) report([position], `is never used: whatever fits it fits rules[${hiding}] before`);
  }
});

/** Which tools may send incidents, how they are answered, and what is done about which incident. */
export type IncidentsFile = z.infer<typeof incidentsSchema>;
export type IncidentSources = IncidentsFile['sources'];

const kind = {
  schema: incidentsSchema,
  called: "an incidents' file",
  failure: 'InvalidIncidentsFile',
  remedy: 'Fix the lines above; docs/incidents.md lists every key, "rekindle incidents validate" checks it',
} as const;

/** Parses and validates without looking for platforms; exported for tests. Failures: InvalidIncidentsFile, MissingSecret. */
export function parseIncidentsFile(text: string, file: string, environment: NodeJS.ProcessEnv): IncidentsFile {
  return parseChecked(text, file, kind, environment);
}

/**
 * Reads the file that REKINDLE_INCIDENTS_FILE names; undefined when nothing names one and `incidents.yaml` does not exist:
 * then no incidents are taken. Failures: InvalidIncidentsFile, MissingSecret.
 */
export async function loadIncidentsFile({
  incidentsFile,
  variables,
}: Pick<Environment, 'incidentsFile' | 'variables'>): Promise<IncidentsFile | undefined> {
  const { path, given } = incidentsFile;
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !given) return undefined;
    throw unreadableFile(path, kind, { error, variable: 'REKINDLE_INCIDENTS_FILE' });
  });
  return text === undefined ? undefined : parseIncidentsFile(text, path, variables);
}

export interface MappingFile extends IncidentsFile {
  /** That have a platform file. */
  platforms: ReadonlySet<PlatformName>;
}

/**
 * The same for whoever maps incidents to platforms. Failures: as above; InvalidIncidentsFile also for a rule whose platform
 * has no file.
 */
export async function loadMappingFile(
  environment: Pick<Environment, 'incidentsFile' | 'platformsFolder' | 'variables'>,
): Promise<MappingFile | undefined> {
  const file = await loadIncidentsFile(environment);
  if (!file) return undefined;
  const { platformsFolder, incidentsFile } = environment;
  const names = await listPlatforms(platformsFolder);
  const faults = file.rules.flatMap(({ platform }, position) => {
    if (typeof platform !== 'string' || names.includes(platform)) return [];
    const near = nearest(platform, names);
    const hint =
      near === undefined ? `${platformsFolder} holds ${names.join(', ') || 'none'}` : `did you mean "${near}"?`;
    return [`rules[${position}].platform: there is no platform file "${platform}.yaml"; ${hint}`];
  });
  if (faults.length > 0) throw invalidFile(incidentsFile.path, kind, faults);
  return { ...file, platforms: new Set(names) };
}

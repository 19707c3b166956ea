import { readFile } from 'node:fs/promises';
import { text as textOfStream } from 'node:stream/consumers';
import { loadGatewayFile } from '../config/gateway-file.ts';
import { readIncidentSettings } from '../config/incidents-settings.ts';
import { Failure } from '../domain/failures.ts';
import type { Mapping } from '../domain/incidents/decide.ts';
import { readAny } from '../domain/incidents/read-any.ts';
import { mapIncident, type IncidentRule } from '../domain/incidents/rules.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { exitCodes } from './exit-codes.ts';

/**
 * As a gateway would read it here, with its secrets. `event`: a file with a sample. Exit code 1 when no rule leads it to a
 * platform. Failures: InvalidIncidentsFile, MissingSecret, InvalidGatewayFile, InvalidArgument.
 */
export async function validateIncidents({ environment, output }: CommandContext, event?: string): CommandResult {
  const { tls } = await loadGatewayFile(environment);
  const settings = await readIncidentSettings({ environment, clientCertificates: tls?.clientCa !== undefined });
  const { path } = environment.incidentsFile;
  if (!settings)
    throw new Failure('InvalidIncidentsFile', {
      message: `${path} does not exist, so no incidents are taken`,
      remedy: 'Write it (docs/incidents.md shows one), or point REKINDLE_INCIDENTS_FILE at it',
    });
  const { rules } = settings.mapping;
  const sources = Object.keys(settings.sources);
  const lines = rules.map((rule, position) => `  rules[${position}]: ${describe(rule)}`);
  output.say(`${path} can be used; incidents of ${sources.join(', ')}:\n${lines.join('\n')}`);
  const met = event === undefined ? undefined : await meet(event, settings.mapping);
  if (met) output.say(met.text);
  output.document({ file: path, sources, rules: rules.length, ...(met && { event: met.document }) });
  return met?.leads === false ? exitCodes.failed : exitCodes.passed;
}

async function meet(file: string, mapping: Mapping) {
  const notice = readAny(await readJson(file), Date.now());
  if (typeof notice === 'string')
    return { leads: false, text: `The event is ignored: ${notice}`, document: { ignored: notice } };
  const { source, what, title, labels } = notice;
  const found = mapIncident(notice, mapping.rules, mapping.platforms);
  const target = 'target' in found ? found.target : undefined;
  const result = target
    ? `meets ${target.rule}: ${target.action} of ${target.platform}`
    : `leads to nothing: ${'unmapped' in found ? found.unmapped : ''}`;
  const shown = Object.entries(labels).map(([label, value]) => `  ${label}: ${value}`);
  return {
    leads: target !== undefined,
    text: `The event of ${source} "${title}" (${what}) ${result}\n${shown.join('\n')}`,
    document: { source, what, title, labels, ...found },
  };
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await (file === '-' ? textOfStream(process.stdin) : readFile(file, 'utf8'))) as unknown;
  } catch (error) {
    throw new Failure('InvalidArgument', {
      message: `The event in ${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'it is not JSON'}`,
      remedy: 'Name a file with the body of a request as the incident tool sends it; docs/incidents.md shows some',
    });
  }
}

function describe({ source, match, platform, action }: IncidentRule): string {
  const wanted = match.map(
    ({ label, value }) => `${label} ${typeof value === 'string' ? `= ${value}` : `~ ${String(value)}`}`,
  );
  const where = typeof platform === 'string' ? platform : `the platform in the label ${platform.label}`;
  return `${source ?? 'every source'}, ${wanted.join(', ') || 'whatever its labels'} → ${action} of ${where}`;
}

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { Failure } from '../domain/failures.ts';
import type { Platform, PlatformName } from '../domain/platform.ts';
import { nearest } from './nearest.ts';
import { duplicateKeys } from './duplicate-keys.ts';
import { explainIssues } from './platform-errors.ts';
import { platformJsonSchema, platformSchema } from './platform-schema.ts';

/** A platform with the hash of the text it was read from (before `${NAME}` took its value). */
export interface LoadedPlatform {
  platform: Platform;
  fileHash: string;
}

/**
 * Reads `<folder>/<name>.yaml`. Failures: UnknownPlatform (with the names there are), InvalidPlatformFile (all faults
 * at once, each with its path).
 */
export async function loadPlatform(
  folder: string,
  name: PlatformName,
  environment: NodeJS.ProcessEnv,
): Promise<LoadedPlatform> {
  const file = await findPlatformFile(folder, name);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw invalid(file, [`cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`]);
  });
  const platform = parsePlatform(text, file, environment);
  if (platform.platform !== name)
    throw invalid(file, [
      `platform: the file is called ${path.basename(file)} but names the platform "${platform.platform}"`,
    ]);
  return { platform, fileHash: createHash('sha256').update(text).digest('hex') };
}

/** The names of all platform files in the folder; none when there is no such folder. */
export async function listPlatforms(folder: string): Promise<PlatformName[]> {
  return readPlatformsFolder(folder).catch(() => []);
}

/** The names of all platform files in the folder. Failure: InvalidArgument when it cannot be read. */
export async function readPlatformsFolder(folder: string): Promise<PlatformName[]> {
  const entries = await readdir(folder).catch((error: unknown) => {
    throw new Failure('InvalidArgument', {
      message: `The folder of platform files, ${folder}, cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`,
      remedy: 'Create it, give the user that runs Rekindle access to it, or point REKINDLE_PLATFORMS at another',
    });
  });
  return [...new Set(entries.flatMap((entry) => /^(.+)\.ya?ml$/.exec(entry)?.[1] ?? []))].toSorted();
}

/** Failure: UnknownPlatform, with the names there are. */
export async function findPlatformFile(folder: string, name: PlatformName): Promise<string> {
  const entries = await readdir(folder).catch(() => []);
  const file = entries.find((entry) => entry === `${name}.yaml` || entry === `${name}.yml`);
  if (file !== undefined) return path.join(folder, file);
  const known = await listPlatforms(folder);
  const near = nearest(name, known);
  throw new Failure('UnknownPlatform', {
    message: `There is no platform file "${name}.yaml" in ${folder}`,
    remedy:
      known.length === 0
        ? 'Write one (docs/reference/platform-file.md shows the keys), or point REKINDLE_PLATFORMS at the folder that holds them'
        : `${near === undefined ? '' : `did you mean "${near}"? `}known platforms: ${known.join(', ')}`,
  });
}

/** Parses and validates; exported for tests and editors' checks. */
export function parsePlatform(text: string, file: string, environment: NodeJS.ProcessEnv): Platform {
  const missing: string[] = [];
  const input = interpolate(parseYaml(text, file), environment, missing);
  if (missing.length > 0)
    throw new Failure('MissingSecret', {
      message: `${file}: the environment has no ${[...new Set(missing)].join(', ')}`,
      remedy: 'Set it for the worker and for the command line, or write the value into the file if it is not secret',
    });
  const result = platformSchema.safeParse(input);
  if (result.success) return result.data;
  throw invalid(file, explainIssues(result.error.issues, input, knownKeys()));
}

/**
 * One line, for the first fault: those after it mostly follow from it. Keys that stand twice are all named. The lines of the file itself are not shown, since
 * a secret may stand there by mistake.
 */
function parseYaml(text: string, file: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { prettyErrors: false, lineCounter: lines });
  const [first, ...others] = document.errors;
  const twice = first?.code === 'DUPLICATE_KEY' ? duplicateKeys(document, lines) : [];
  if (twice.length > 0) throw invalid(file, twice);
  if (first) {
    const { line, col } = lines.linePos(first.pos[0]);
    const more = others.length > 0 ? ` (and ${others.length} more after it)` : '';
    throw invalid(file, [`line ${line}, column ${col}: not valid YAML: ${first.message.trim()}${more}`]);
  }
  try {
    return document.toJS();
  } catch {
    throw invalid(file, ['not valid YAML: an alias (*name) refers to an anchor (&name) that does not exist']);
  }
}

function invalid(file: string, faults: string[]): Failure {
  return new Failure('InvalidPlatformFile', {
    message: `${file} is not a platform file:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    remedy:
      'Fix the lines above; docs/reference/platform-file.md lists every key, docs/platform.schema.json serves editors',
  });
}

/** `${NAME}` inside texts takes the environment's value; names that are absent are collected. */
function interpolate(value: unknown, environment: NodeJS.ProcessEnv, missing: string[]): unknown {
  if (typeof value === 'string')
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
      const found = environment[name];
      if (found === undefined) missing.push(name);
      return found ?? '';
    });
  if (Array.isArray(value)) return value.map((item) => interpolate(item, environment, missing));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, interpolate(item, environment, missing)]),
    );
  return value;
}

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** The keys that the schema knows at each place, by the place's pattern: `stores.*` → name, kind, …. */
function knownKeys(): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  const visit = (schema: JsonSchema, place: string) => {
    const join = (part: string) => (place === '' ? part : `${place}.${part}`);
    for (const [key, inner] of Object.entries(schema.properties ?? {})) {
      keys.set(place, [...new Set([...(keys.get(place) ?? []), key])]);
      visit(inner, join(key));
    }
    if (schema.items) visit(schema.items, join('*'));
    for (const choice of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) visit(choice, place);
  };
  visit(platformJsonSchema() as JsonSchema, '');
  return keys;
}

import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { Failure, type FailureKind } from '../domain/failures.ts';
import { duplicateKeys } from './duplicate-keys.ts';
import { explainIssues } from './explain-issues.ts';

/** A kind of file that operators write in YAML. */
export interface FileKind<T> {
  schema: z.ZodType<T>;
  /** "a platform file", as messages name it. */
  called: string;
  failure: FailureKind;
  remedy: string;
  /** Whether a file that holds nothing, or comments only, will do. */
  mayBeEmpty?: boolean;
}

/**
 * Parses and validates. `${NAME}` takes the environment's value. Failures: that of the kind (all faults at once, each with
 * its path), MissingSecret when the environment lacks a name.
 */
export function parseChecked<T>(text: string, file: string, kind: FileKind<T>, environment: NodeJS.ProcessEnv): T {
  const missing: string[] = [];
  const input = interpolate(parseYaml(text, file, kind) ?? (kind.mayBeEmpty ? {} : null), environment, missing);
  if (missing.length > 0)
    throw new Failure('MissingSecret', {
      message: `${file}: the environment has no ${[...new Set(missing)].join(', ')}`,
      remedy: 'Set it for the worker and for the command line, or write the value into the file if it is not secret',
    });
  const result = kind.schema.safeParse(input);
  if (result.success) return result.data;
  throw invalidFile(file, kind, explainIssues(result.error.issues, input, knownKeys(kind.schema)));
}

/** `variable`: of the environment, that names the file. */
export function unreadableFile(
  file: string,
  { called, failure }: Pick<FileKind<unknown>, 'called' | 'failure'>,
  { error, variable }: { error: unknown; variable: string },
): Failure {
  const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
  return new Failure(
    failure,
    {
      message: `${file} cannot be read as ${called}: ${code}`,
      remedy: `Point ${variable} at the file, or give the user that runs Rekindle access to it`,
    },
    { cause: error },
  );
}

export function invalidFile(
  file: string,
  { called, failure, remedy }: Pick<FileKind<unknown>, 'called' | 'failure' | 'remedy'>,
  faults: string[],
): Failure {
  return new Failure(failure, {
    message: `${file} is not ${called}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    remedy,
  });
}

/**
 * One line, for the first fault: those after it mostly follow from it. Keys that stand twice are all named. The lines of the file itself are not shown, since
 * a secret may stand there by mistake.
 */
function parseYaml(text: string, file: string, kind: FileKind<unknown>): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { prettyErrors: false, lineCounter: lines });
  const [first, ...others] = document.errors;
  const twice = first?.code === 'DUPLICATE_KEY' ? duplicateKeys(document, lines) : [];
  if (twice.length > 0) throw invalidFile(file, kind, twice);
  if (first) {
    const { line, col } = lines.linePos(first.pos[0]);
    const more = others.length > 0 ? ` (and ${others.length} more after it)` : '';
    throw invalidFile(file, kind, [`line ${line}, column ${col}: not valid YAML: ${first.message.trim()}${more}`]);
  }
  try {
    return document.toJS();
  } catch {
    throw invalidFile(file, kind, ['not valid YAML: an alias (*name) refers to an anchor (&name) that does not exist']);
  }
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
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** The keys that the schema knows at each place, by its pattern: `stores.*` → name, kind, …; `{}` stands for any name. */
function knownKeys(schema: z.ZodType): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  const visit = (schema: JsonSchema, place: string) => {
    const join = (part: string) => (place === '' ? part : `${place}.${part}`);
    for (const [key, inner] of Object.entries(schema.properties ?? {})) {
      keys.set(place, [...new Set([...(keys.get(place) ?? []), key])]);
      visit(inner, join(key));
    }
    if (schema.items) visit(schema.items, join('*'));
    if (typeof schema.additionalProperties === 'object') visit(schema.additionalProperties, join('{}'));
    for (const choice of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) visit(choice, place);
  };
  visit(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, '');
  return keys;
}

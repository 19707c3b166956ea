import { parse } from 'yaml';

/** What configures a node from outside of its data. */
export interface NodeConfiguration {
  arguments: string[];
  environment: Record<string, string>;
  /** The text of `elasticsearch.yml`; absent: not known. */
  configuration?: string;
}

/**
 * A setting that a container gives its node; undefined: it gives none. Arguments count before the environment before
 * `elasticsearch.yml`, as Elasticsearch and its images take them.
 */
export function nodeSettings(container: NodeConfiguration): (key: string) => unknown {
  const { environment } = container;
  const asked = new Map(
    container.arguments.flatMap((argument, index, all) => {
      const setting = argument === '-E' ? all[index + 1] : argument.startsWith('-E') ? argument.slice(2) : undefined;
      return setting === undefined ? [] : [pair(setting)];
    }),
  );
  const file = flattened(parsed(container.configuration ?? ''));
  return (key) => asked.get(key) ?? environment[key] ?? environment[inCapitals(key)] ?? file.get(key);
}

/** How the official images take a setting from a variable's name: `_` for `.`, `__` for `_`. */
const inCapitals = (key: string) => `ES_SETTING_${key.replaceAll('_', '__').replaceAll('.', '_').toUpperCase()}`;

function pair(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** A file that is no YAML says nothing: no node starts with it. */
function parsed(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return {};
  }
}

/** A YAML mapping of any depth, by dotted keys. */
function flattened(value: unknown, prefix = ''): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map([[prefix, value]]);
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [...flattened(inner, prefix === '' ? key : `${prefix}.${key}`)]),
  );
}

import { Failure } from '../failures.ts';
import type { IndexName } from '../platform.ts';
import { quoted } from '../recovery-points/index-patterns.ts';

/** As Elasticsearch's restore takes it, and as it means the same to JavaScript and to Java. */
export interface Renaming {
  pattern: string;
  replacement: string;
}

/** A rule as people write it, taken apart: what stands before and after its `*`. Without one: exactly this name. */
interface Rule {
  from: string[];
  to: string[];
}

const wanted = 'Write from=to, each with at most one *, for instance nuvla-*=staging-*';

/** Failure: InvalidArgument, for a rule that cannot be understood. */
export function parseRules(texts: readonly string[]): Rule[] {
  return texts.map((text) => {
    const [from = '', to = '', more] = text.split('=');
    const rule = { from: from.split('*'), to: to.split('*') };
    const fits = rule.from.length <= 2 && rule.to.length === rule.from.length;
    if (more !== undefined || from === '' || to === '' || !fits)
      throw new Failure('InvalidArgument', { message: `"${text}" is not a rule for renaming`, remedy: wanted });
    if (/[$\\]/.test(to))
      throw new Failure('InvalidArgument', {
        message: `"${text}": a new name may hold neither "$" nor a backslash, which mean something else in a restore`,
        remedy: wanted,
      });
    return rule;
  });
}

/**
 * How this index is renamed, with `suffix` behind its new name; undefined: it keeps its name. One expression serves many
 * indices, so that one restore request can bring them.
 */
export function renamingOf(name: IndexName, rules: readonly Rule[], suffix = ''): Renaming | undefined {
  for (const { from, to } of rules) {
    const pattern = `^${from.map(quoted).join('(.*)')}$`;
    if (new RegExp(pattern, 's').test(name)) return { pattern, replacement: `${to.join('$1')}${suffix}` };
  }
  return suffix === '' ? undefined : { pattern: '^(.*)$', replacement: `$1${suffix}` };
}

export function rename(name: IndexName, renaming: Renaming | undefined): IndexName {
  return renaming === undefined ? name : name.replace(new RegExp(renaming.pattern, 's'), renaming.replacement);
}

/** Why Elasticsearch would not take this as the name of an index; undefined: it would. */
export function faultOfName(name: IndexName): string | undefined {
  if (name !== name.toLowerCase()) return 'names of indices are lower case';
  if (/[\\/*?"<>| ,#:]/.test(name)) return String.raw`it holds one of \ / * ? " < > | , # : or a space`;
  if (/^[-_+]/.test(name) || name === '' || name === '.' || name === '..')
    return 'it begins with -, _ or +, or is empty';
  if (new TextEncoder().encode(name).length > 255) return 'it is longer than 255 bytes';
  return undefined;
}

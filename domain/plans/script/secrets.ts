import type { SecretReference } from '../../platform.ts';
import { quoted, remark } from './quote.ts';

/** The secrets that a script needs: each becomes a function that prints it, from where the platform file says it is. */
export interface ScriptSecrets {
  /** The name of the function. */
  use: (reference: SecretReference, what: string) => string;
  lines: () => string[];
}

export function scriptSecrets(): ScriptSecrets {
  const known = new Map<string, { name: string; lines: string[] }>();
  return {
    use(reference, what) {
      const key = JSON.stringify(reference);
      const found = known.get(key);
      if (found) return found.name;
      const name = `secret_${known.size + 1}`;
      const body =
        'file' in reference
          ? `secret_of_file ${quoted(reference.file)}`
          : `secret_of_variable ${quoted(reference.env)}`;
      known.set(key, { name, lines: [remark(what), `${name}() { ${body}; }`] });
      return name;
    },
    lines: () => [...known.values()].flatMap(({ lines }) => lines),
  };
}

/** A rule of a bucket that makes objects go away or hard to reach by themselves, as far as it matters here. */
export interface LifecycleRule {
  id: string;
  enabled: boolean;
  /** Of the keys that it applies to; empty: all of them. */
  prefix: string;
  /** It applies to objects with certain tags only. Neither Elasticsearch nor Rekindle gives any. */
  tagged: boolean;
  /** When current objects go, in words: `after 30 days`; absent: they do not. */
  expires?: string;
  /** Storage classes that objects move to. */
  movesTo: { storageClass: string; when: string }[];
}

/** From these an object cannot be read before it was asked for, for hours. */
const archives: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** What rules would do to objects below `prefix`, each in words; empty: nothing that matters. */
export function threatsTo(prefix: string, rules: readonly LifecycleRule[]): string[] {
  return rules
    .filter(({ enabled, tagged }) => enabled && !tagged)
    .filter((rule) => rule.prefix.startsWith(prefix) || prefix.startsWith(rule.prefix))
    .flatMap(({ id, prefix: of, expires, movesTo }) => {
      const name = `the rule "${id}"${of === '' ? '' : ` (prefix ${of})`}`;
      const moves = movesTo
        .filter(({ storageClass }) => archives.has(storageClass))
        .map(({ storageClass, when }) => `${name} moves objects to ${storageClass} ${when}`);
      return [...(expires === undefined ? [] : [`${name} deletes objects ${expires}`]), ...moves];
    });
}

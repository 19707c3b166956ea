/** A lifecycle rule of a bucket that deletes or archives objects, as far as it matters here. */
export interface LifecycleRule {
  id: string;
  enabled: boolean;
  /** Prefix of the keys it applies to; empty: all of them. */
  prefix: string;
  /** It applies only to objects with certain tags. Neither Elasticsearch nor Rekindle sets any. */
  tagged: boolean;
  /** When current objects expire, in words: `after 30 days`; absent: never. */
  expires?: string;
  /** Storage classes that objects move to. */
  movesTo: { storageClass: string; when: string }[];
}

/** Reading an object from these takes a restore request and hours of waiting. */
const archives: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** What the rules would do to objects below `prefix`, in words; empty: nothing that matters. */
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

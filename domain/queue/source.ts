/** A document of the database. */
export type Source = Record<string, unknown>;

/** The value of a field; a dot leads into an object. */
export function valueAt(source: Source, field: string): unknown {
  if (field in source) return source[field];
  const dot = field.indexOf('.');
  const inner = dot < 0 ? undefined : source[field.slice(0, dot)];
  return typeof inner === 'object' && inner !== null ? valueAt(inner as Source, field.slice(dot + 1)) : undefined;
}

/** The same as texts: the items of a list; empty when absent. */
export function textsOf(source: Source, field: string): string[] {
  const held = valueAt(source, field);
  const list: unknown[] = Array.isArray(held) ? held : [held];
  return list.flatMap((item) => (['string', 'number', 'boolean'].includes(typeof item) ? [String(item)] : []));
}

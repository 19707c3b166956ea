import { isScalar, visit, type Document, type LineCounter } from 'yaml';

/** One line for each key that stands several times in one mapping, with the lines where it stands. */
export function duplicateKeys(document: Document, lines: LineCounter): string[] {
  const faults: string[] = [];
  visit(document, {
    Map(_, { items }) {
      const linesOf = new Map<string, number[]>();
      for (const { key } of items)
        if (isScalar(key) && key.range) {
          const name = String(key.value);
          linesOf.set(name, [...(linesOf.get(name) ?? []), lines.linePos(key.range[0]).line]);
        }
      for (const [name, found] of linesOf)
        if (found.length > 1)
          faults.push(
            `lines ${found.join(' and ')}: the key "${name}" stands here ${times(found.length)}; keep one of them`,
          );
    },
  });
  return faults;
}

const times = (count: number) => (count === 2 ? 'twice' : `${count} times`);

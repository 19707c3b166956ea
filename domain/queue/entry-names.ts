import type { EntryFormat } from '../platform.ts';

/** An entry in ZooKeeper, existing or to be written: the node's name and its data. */
export interface NamedEntry {
  name: string;
  value: string;
}

const digits = 10;

/** The names of a queue's entries: consumers take the lowest first. */
export interface EntryNames {
  /** `entry-100-`: the part before the number that ZooKeeper adds. */
  prefix(priority: number): string;
  /** `entry-100-0000000042`. */
  name(priority: number, sequence: number): string;
  /** Parses a name; undefined when it is not of this format. `priority` is 0 in a format without one. */
  parse(name: string): { priority: number; sequence: number } | undefined;
}

export function entryNames({ name: format }: Pick<EntryFormat, 'name'>): EntryNames {
  const parts = format.split('{priority}');
  const shape = new RegExp(`^${parts.map(literally).join('(\\d{3})')}(\\d{${digits}})$`);
  const prefix = (priority: number) => parts.join(String(priority).padStart(3, '0'));
  return {
    prefix,
    name: (priority, sequence) => prefix(priority) + String(sequence).padStart(digits, '0'),
    parse(name) {
      const match = shape.exec(name);
      if (!match) return undefined;
      return { priority: parts.length === 2 ? Number(match[1]) : 0, sequence: Number(match.at(-1)) };
    },
  };
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

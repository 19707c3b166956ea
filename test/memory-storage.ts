import type { ObjectStorage } from '../systems/object-storage/object-storage.ts';

/** Objects in memory; `step` comes between the caller and each operation, so that a test chooses the order. */
export function memoryStorage(step: (what: string) => Promise<unknown> = () => Promise.resolve()): ObjectStorage {
  const objects = new Map<string, Uint8Array>();
  return {
    description: 'memory',
    async put(key, bytes) {
      await step(`put ${key}`);
      objects.set(key, bytes);
    },
    async get(key) {
      await step(`get ${key}`);
      return objects.get(key);
    },
    async *list(prefix, { after } = {}) {
      await step(`list ${prefix}`);
      const found = [...objects].filter(([key]) => key.startsWith(prefix) && (after === undefined || key > after));
      for (const [key, { length: bytes }] of found) yield { key, bytes };
    },
    async delete(key) {
      await step(`delete ${key}`);
      objects.delete(key);
    },
  };
}

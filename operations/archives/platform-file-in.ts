import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from '../../systems/private-file.ts';

/** The file of a platform in the folder of platform files. One that says something else is never replaced. */
export function platformFileIn(folder: string, platform: string) {
  const path = join(folder, `${platform}.yaml`);
  const others = [path, join(folder, `${platform}.yml`)];
  return {
    /** What stands in the way; undefined: nothing. */
    async fault(text: string): Promise<string | undefined> {
      for (const file of others) {
        const found = await readFile(file, 'utf8').catch(() => undefined);
        if (found !== undefined && found !== text) return `${file} exists already and says something else`;
      }
      return undefined;
    },
    async write(text: string): Promise<string> {
      await writePrivateFile(path, text);
      return path;
    },
  };
}

import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { payloadKey, type PayloadKey } from '../config/payload-encryption/keys.ts';
import { payloadKeyPrefix } from '../config/redaction.ts';
import { Failure } from '../domain/failures.ts';
import { makeFolders } from '../systems/make-folders.ts';

const keyBytes = 32;

/** Makes a key and its file, readable by its owner only. Failure: InvalidArgument when there is a file already. */
export async function createPayloadKeyFile(file: string, createdAt = new Date().toISOString()): Promise<PayloadKey> {
  const made = payloadKey(randomBytes(keyBytes));
  const text = [
    `# Rekindle payload key, created: ${createdAt}, id: ${made.id}`,
    '# The first key encrypts; keep older ones below it, or histories that they encrypted cannot be read.',
    `${payloadKeyPrefix}${made.key.toString('base64url')}`,
    '',
  ].join('\n');
  try {
    await makeFolders(dirname(file));
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message =
      code === 'EEXIST'
        ? `The file ${file} exists already`
        : `The payload key file ${file} cannot be written: ${code ?? 'unknown reason'}`;
    const remedy =
      code === 'EEXIST'
        ? 'Keep it: without its keys, histories encrypted with them are lost; name another file, and put its line above the old ones'
        : 'Name another file';
    throw new Failure('InvalidArgument', { message, remedy }, { cause: error });
  }
  return made;
}

import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../../domain/failures.ts';
import { makeFolders } from '../make-folders.ts';
import { generateKey, identityPrefix, recipientOf } from './age.ts';

export interface KeyFile {
  identity: string;
  recipient: string;
}

/** Reads the key that encrypts captures. Failure: MissingKey (no file, not readable, no key in it). */
export async function readKeyFile(path: string): Promise<KeyFile> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOENT'
      ? missing(`There is no key file ${path}`, error)
      : missing(`The key file ${path} cannot be read: ${code ?? 'unknown reason'}`, error);
  });
  const identity = text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line.startsWith(identityPrefix));
  if (identity === undefined) throw missing(`The key file ${path} holds no key`);
  return { identity, recipient: await recipientOf(identity) };
}

/** Makes a key and its file, readable by its owner only. Failure: InvalidArgument when there is a file already. */
export async function createKeyFile(path: string): Promise<{ recipient: string }> {
  const { recipient, fileText } = await generateKey();
  try {
    await makeFolders(dirname(path));
    await writeFile(path, fileText, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Failure(
      'InvalidArgument',
      code === 'EEXIST'
        ? {
            message: `The key file ${path} exists already`,
            remedy: 'Keep it: without it, the captures made with it are lost; name another file',
          }
        : {
            message: `The key file ${path} cannot be written: ${code ?? 'unknown reason'}`,
            remedy: 'Name another file',
          },
      { cause: error },
    );
  }
  return { recipient };
}

function missing(message: string, cause?: unknown): Failure {
  return new Failure(
    'MissingKey',
    {
      message,
      remedy: 'Make a key with "rekindle keygen", or point REKINDLE_KEY_FILE at yours',
    },
    { cause },
  );
}

import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { Failure } from '../../domain/failures.ts';

export const identityPrefix = 'AGE-SECRET-KEY-';

export interface GeneratedKey {
  /** The secret half: `AGE-SECRET-KEY-1…`. */
  identity: string;
  /** The public half, which only encrypts: `age1…`. */
  recipient: string;
  /** A key file as the `age` tool writes and reads it. */
  fileText: string;
}

/** A new key. `createdAt` (ISO 8601) is noted in the file. */
export async function generateKey(createdAt = new Date().toISOString()): Promise<GeneratedKey> {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  return { identity, recipient, fileText: `# created: ${createdAt}\n# public key: ${recipient}\n${identity}\n` };
}

/** The public half of a key. Failure: MissingKey when it is none. */
export async function recipientOf(identity: string): Promise<string> {
  try {
    return await identityToRecipient(identity);
  } catch (error) {
    // The library's own message could quote the key.
    throw new Failure(
      'MissingKey',
      {
        message: 'The key is damaged: its checksum does not match',
        remedy: 'Put the key file back from its copy',
      },
      { cause: error instanceof Error ? error.name : undefined },
    );
  }
}

/** Encrypts in age's format for a key (its public half suffices). Failure: MissingKey when it is none. */
export async function encrypt(bytes: Uint8Array, identityOrRecipient: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(
    identityOrRecipient.startsWith(identityPrefix) ? await recipientOf(identityOrRecipient) : identityOrRecipient,
  );
  return encrypter.encrypt(bytes);
}

/** Decrypts what `encrypt`, or the `age` tool, made for this key. Failure: CaptureUnreadable, MissingKey. */
export async function decrypt(bytes: Uint8Array, identity: string): Promise<Uint8Array> {
  const recipient = await recipientOf(identity);
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown reason';
    throw new Failure(
      'CaptureUnreadable',
      {
        message: `The capture cannot be decrypted with the key ${recipient}: ${why}`,
        remedy: 'Point REKINDLE_KEY_FILE at the key that was in use when the recovery point was taken',
      },
      { cause: error },
    );
  }
}

import { Decrypter, Encrypter } from 'age-encryption';
import { Failure } from '../../domain/failures.ts';
import { sourceOf } from '../streams/source.ts';
import { recipientOf } from './age.ts';

type Pieces = AsyncIterable<Uint8Array>;

/**
 * Encrypts in age's format for a public key (`age1…`), 64 KiB at a time. Failures: MissingKey when it is none; what the
 * pieces throw.
 */
export async function* encrypted(pieces: Pieces, recipient: string): AsyncGenerator<Uint8Array> {
  const encrypter = new Encrypter();
  try {
    encrypter.addRecipient(recipient);
  } catch {
    // The library's own message could quote a secret key that stands here by mistake.
    throw new Failure('MissingKey', {
      message: 'What should encrypt the backup is no public key of age',
      remedy: 'Use the line "public key: age1…" of the key file that "rekindle keygen" wrote',
    });
  }
  yield* piecesOf(await encrypter.encrypt(streamOf(pieces)));
}

/**
 * Decrypts what `encrypted`, or the `age` tool, made for this key. Each 64 KiB were authenticated before they are passed on.
 * What is cut short throws. Failures: CaptureUnreadable (another key, damaged), MissingKey; what the pieces throw. `what`
 * begins the message: `The part app of the store pg`.
 */
export async function* decrypted(pieces: Pieces, identity: string, what: string): AsyncGenerator<Uint8Array> {
  const recipient = await recipientOf(identity);
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const source = sourceOf(pieces);
  try {
    yield* piecesOf(await decrypter.decrypt(streamOf(source.pieces)));
  } catch (error) {
    throw source.explain(error, () => unreadable(error, recipient, what));
  }
}

function unreadable(error: unknown, recipient: string, what: string): Failure {
  const why = error instanceof Error ? error.message : 'unknown reason';
  return new Failure(
    'CaptureUnreadable',
    {
      message: `${what} cannot be decrypted with the key ${recipient}: ${why}`,
      remedy:
        'Point REKINDLE_KEY_FILE at the key that was in use when the recovery point was taken; if it is that one, the object is damaged: choose another recovery point',
    },
    { cause: error },
  );
}

async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      if (value.length > 0) yield value;
    }
  } finally {
    // Nobody wants the rest: the source must be ended. What it says to that is nobody's business any more.
    await reader.cancel().catch(() => undefined);
  }
}

/** One piece is asked for at a time, when there is room for it. */
function streamOf(pieces: Pieces): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    // Not awaited: a source that hangs would not answer.
    cancel() {
      void iterator.return?.().catch(() => undefined);
    },
  });
}

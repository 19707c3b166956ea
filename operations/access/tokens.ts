import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { nearest } from '../../config/nearest.ts';
import { rememberSecret, tokenPrefix } from '../../config/redaction.ts';
import { roles, type Role } from '../../domain/access.ts';
import { Failure } from '../../domain/failures.ts';
import { withFileLock, writePrivateFile } from '../../systems/private-file.ts';

const token = z.object({
  name: z.string(),
  role: z.enum(roles),
  hash: z.string(),
  createdAt: z.string(),
  expiresAt: z.string().optional(),
  lastUsedAt: z.string().optional(),
});

/** As it is kept: nobody can tell the token from it. Times are ISO 8601, UTC. */
export type KeptToken = z.infer<typeof token>;

const tokenFile = z.object({ version: z.literal(1), tokens: z.array(token) });

const tokenBytes = 32;
/** Milliseconds: how exact "last used" is. */
const lastUsedStep = 60_000;

export interface Tokens {
  /** Whether a token was ever made here: from then on tokens are asked for, also when the last one was revoked. */
  exist(): Promise<boolean>;
  list(): Promise<KeptToken[]>;
  /** The token itself, which nobody can read again. Failure: InvalidArgument when the name is taken. */
  create(made: { name: string; role: Role; expiresAt?: string | undefined }): Promise<string>;
  /** Failure: InvalidArgument when there is no such token. */
  revoke(name: string): Promise<void>;
  /** The kept token that this one is; undefined: none, or it has expired. */
  find(secret: string): Promise<KeptToken | undefined>;
  findByHash(hash: string): Promise<KeptToken | undefined>;
}

/**
 * The tokens in the state folder, shared by the command line and a gateway that runs: each look reads the file again when
 * it has changed. Failure: InvalidArgument when the file is damaged. `now` gives milliseconds.
 */
export function openTokens(stateFolder: string, now: () => number = Date.now): Tokens {
  const file = path.join(stateFolder, 'tokens.json');
  let known: { stamp: string; tokens: KeptToken[] } | undefined;

  async function read(): Promise<KeptToken[]> {
    const stamp = await stampOf(file);
    if (known?.stamp !== stamp) known = { stamp, tokens: stamp === '' ? [] : await parse(file) };
    return known.tokens;
  }

  /** What is read under the lock is what is changed, whoever else writes. */
  function change(edit: (tokens: KeptToken[]) => KeptToken[]): Promise<void> {
    return withFileLock(`${file}.lock`, async () => {
      const tokens = edit(await read());
      await writePrivateFile(file, `${JSON.stringify({ version: 1, tokens }, undefined, 2)}\n`);
    });
  }

  const isValid = ({ expiresAt }: KeptToken) => expiresAt === undefined || Date.parse(expiresAt) > now();

  async function findByHash(hash: string): Promise<KeptToken | undefined> {
    const found = (await read()).find((kept) => isSame(kept.hash, hash) && isValid(kept));
    if (found && now() - Date.parse(found.lastUsedAt ?? found.createdAt) > lastUsedStep) await markUsed(hash);
    return found;
  }

  /** A full disk must not keep people out. */
  async function markUsed(hash: string): Promise<void> {
    const lastUsedAt = new Date(now()).toISOString();
    const mark = (kept: KeptToken) => (isSame(kept.hash, hash) ? { ...kept, lastUsedAt } : kept);
    await change((tokens) => tokens.map(mark)).catch(() => undefined);
  }

  return {
    exist: async () => (await stampOf(file)) !== '',
    list: read,
    findByHash,
    find: (secret) => (isToken(secret) ? findByHash(hashOf(secret)) : Promise.resolve(undefined)),
    async create({ name, role, expiresAt }) {
      const secret = `${tokenPrefix}${randomBytes(tokenBytes).toString('base64url')}`;
      rememberSecret(secret);
      const createdAt = new Date(now()).toISOString();
      await change((tokens) => {
        if (tokens.some((kept) => kept.name === name)) throw nameTaken(name);
        return [...tokens, { name, role, hash: hashOf(secret), createdAt, ...(expiresAt && { expiresAt }) }];
      });
      return secret;
    },
    revoke: (name) =>
      change((tokens) => {
        const rest = tokens.filter((kept) => kept.name !== name);
        if (rest.length === tokens.length) throw unknownName(name, tokens);
        return rest;
      }),
  };
}

const isToken = (text: string) => text.startsWith(tokenPrefix);

/**
 * Plain SHA-256: slow hashes and salts protect what people choose, and what can be guessed. Of 32 random bytes nobody can
 * try even a fraction, and a slow hash would only let everybody who sends nonsense keep the gateway busy.
 */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** In a time that does not depend on where they differ. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Differs after each change: a file that is replaced gets another number. Empty: there is no file. */
async function stampOf(file: string): Promise<string> {
  const found = await stat(file, { bigint: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw damaged(file, (error as NodeJS.ErrnoException).code ?? 'unknown reason');
  });
  return found ? [found.ino, found.size, found.mtimeNs].join(' ') : '';
}

async function parse(file: string): Promise<KeptToken[]> {
  try {
    return tokenFile.parse(JSON.parse(await readFile(file, 'utf8'))).tokens;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw damaged(file, code ?? 'it is not what "rekindle token" writes');
  }
}

function damaged(file: string, why: string): Failure {
  return new Failure('InvalidArgument', {
    message: `The tokens in ${file} cannot be read: ${why}`,
    remedy: 'Restore the file from a backup, or remove it and create the tokens again',
  });
}

function nameTaken(name: string): Failure {
  return new Failure('InvalidArgument', {
    message: `There is a token "${name}" already`,
    remedy: `Choose another name, or revoke that one first: rekindle token revoke ${name}`,
  });
}

function unknownName(name: string, tokens: KeptToken[]): Failure {
  const names = tokens.map((kept) => kept.name);
  const near = nearest(name, names);
  const known = names.length === 0 ? 'there are none' : `there are: ${names.join(', ')}`;
  return new Failure('InvalidArgument', {
    message: `There is no token "${name}"`,
    remedy:
      near === undefined
        ? `Name one of the tokens; ${known}`
        : `Did you mean "${near}"? "rekindle token list" shows all`,
  });
}

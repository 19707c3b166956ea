import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { roles, type Caller } from '../../domain/access.ts';
import { writePrivateFile } from '../../systems/private-file.ts';
import { hashOf, type Tokens } from './tokens.ts';

const hour = 3_600_000;
/** Milliseconds without a request. */
const idleLimit = 12 * hour;
/** Milliseconds after the log-in, whatever is requested. */
export const sessionLimit = 7 * 24 * hour;
/** Milliseconds: how exact the last request is on the disk, after a restart. */
const seenStep = 5 * 60_000;
const secretBytes = 32;

const session = z.object({
  caller: z.object({ name: z.string(), role: z.enum(roles), method: z.enum(['token', 'oidc', 'proxy', 'none']) }),
  /** Hash of the token that was logged in with: without it, the session ends. */
  token: z.string().optional(),
  /** Milliseconds. */
  beganAt: z.number(),
  seenAt: z.number(),
});
const kept = z.array(z.tuple([z.string(), session]));
type KeptSession = z.infer<typeof session>;

export interface Sessions {
  /** What the browser keeps. `token`: hash of the one that was logged in with. */
  begin(caller: Caller, token?: string): Promise<string>;
  find(secret: string): Promise<Caller | undefined>;
  end(secret: string): Promise<void>;
}

/**
 * The sessions of one gateway, kept by their hash in its state folder, so that its restart logs nobody out. A file that
 * cannot be read only asks people to log in again. `now` gives milliseconds.
 */
export async function openSessions(
  stateFolder: string,
  tokens: Tokens,
  now: () => number = Date.now,
): Promise<Sessions> {
  const file = path.join(stateFolder, 'sessions.json');
  const sessions = await read(file);
  let saving: Promise<void> = Promise.resolve();

  const isOver = ({ beganAt, seenAt }: KeptSession) => now() - seenAt > idleLimit || now() - beganAt > sessionLimit;

  /** One after the other, each with what is known then. */
  function save(): Promise<void> {
    saving = saving
      .catch(() => undefined)
      .then(() => {
        for (const [hash, session] of sessions) if (isOver(session)) sessions.delete(hash);
        return writePrivateFile(file, JSON.stringify([...sessions]));
      });
    return saving;
  }

  /** As the token is now: its role counts, not the one at log-in. */
  async function current({ caller, token }: KeptSession): Promise<Caller | undefined> {
    if (token === undefined) return caller;
    const kept = await tokens.findByHash(token);
    return kept && { ...caller, role: kept.role };
  }

  return {
    async begin(caller, token) {
      const secret = randomBytes(secretBytes).toString('base64url');
      sessions.set(hashOf(secret), { caller, beganAt: now(), seenAt: now(), ...(token !== undefined && { token }) });
      await save();
      return secret;
    },
    async find(secret) {
      const hash = hashOf(secret);
      const session = sessions.get(hash);
      if (session === undefined) return undefined;
      const caller = isOver(session) ? undefined : await current(session);
      if (caller === undefined) sessions.delete(hash);
      const sinceSeen = now() - session.seenAt;
      if (caller !== undefined && sinceSeen > seenStep) session.seenAt = now();
      // A full disk must not log people out.
      if (caller === undefined || sinceSeen > seenStep) await save().catch(() => undefined);
      return caller;
    },
    async end(secret) {
      if (sessions.delete(hashOf(secret))) await save();
    },
  };
}

async function read(file: string): Promise<Map<string, KeptSession>> {
  try {
    return new Map(kept.parse(JSON.parse(await readFile(file, 'utf8'))));
  } catch {
    return new Map();
  }
}

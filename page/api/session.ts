import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Session } from '../../api/types.ts';
import { mayAct, type Role } from '../../domain/access.ts';

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('Used outside of a session');
  return session;
}

/** Why the one who is logged in may not do it; undefined: they may. */
export function useWhyNot(wanted: Role): string | undefined {
  const { caller } = useSession();
  return whyNot(caller?.role, wanted);
}

export function whyNot(role: Role | undefined, wanted: Role): string | undefined {
  if (role === undefined) return 'you are not logged in';
  return mayAct(role, wanted) ? undefined : `needs the role ${wanted}, you are ${role}`;
}

const key = 'rekindle.name';

/** What people call themselves where access control is off; kept by their browser. */
export const rememberedName = (): string => localStorage.getItem(key) ?? '';
export const rememberName = (name: string): void => localStorage.setItem(key, name);

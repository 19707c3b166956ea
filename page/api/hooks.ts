import { useCallback, useEffect, useState } from 'preact/hooks';
import type { RouteName } from '../../api/routes.ts';
import { ask, type Refused } from './client.ts';
import { connectionNow, gatewayTime, onConnection, type Connection } from './connection.ts';
import { follow, type Followed, type Source } from './follow.ts';
import type { Parameters } from './path.ts';

/** A document that is kept up to date; another topic starts anew. */
export function useFollowed<T>(source: Source): Followed<T> {
  const [found, show] = useState<{ topic: string; followed: Followed<T> }>();
  useEffect(
    () => follow<T>(source, (followed) => show({ topic: source.topic, followed })),
    // The topic names all of it.
    [source.topic],
  );
  return found?.topic === source.topic ? found.followed : {};
}

/** A document that is asked for once, and again when `version` or what is asked for changes. */
export function useAsked<T>(route: RouteName, parameters: Parameters = {}, version: unknown = 0): Followed<T> {
  const [found, show] = useState<Followed<T>>({});
  const key = JSON.stringify([route, parameters]);
  useEffect(() => {
    let current = true;
    ask<T>(route, parameters).then(
      (data) => current && show({ data, at: Date.now() }),
      (error: unknown) => current && show((before) => ({ ...before, refused: error as Refused })),
    );
    return () => {
      current = false;
    };
  }, [key, version]);
  return found;
}

export function useConnection(): Connection {
  const [connection, show] = useState(connectionNow);
  useEffect(() => onConnection(() => show(connectionNow())), []);
  return connection;
}

/** Milliseconds, by the gateway's clock; renders again that often. */
export function useNow(everyMilliseconds = 1000): number {
  const [now, show] = useState(gatewayTime);
  useEffect(() => {
    const timer = setInterval(() => show(gatewayTime()), everyMilliseconds);
    return () => clearInterval(timer);
  }, [everyMilliseconds]);
  return now;
}

/** Counts up: for `version` of `useAsked`. */
export function useVersion(): [number, () => void] {
  const [version, set] = useState(0);
  return [version, useCallback(() => set((before) => before + 1), [])];
}

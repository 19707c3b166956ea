import { routes, type RouteName } from '../../api/routes.ts';

export type Parameters = Record<string, string>;

/** A route's address with its parameters in place, and what else is asked for behind `?`. */
export function pathOf(route: RouteName, parameters: Parameters = {}): string {
  const left = new Map(Object.entries(parameters));
  const path = routes[route].path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = left.get(name) ?? '';
    left.delete(name);
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams([...left]).toString();
  return query === '' ? path : `${path}?${query}`;
}

import type { Route } from '../route.ts';

/** Of the tab and of bookmarks: the most particular word first, as tabs are narrow. */
export function titleOf(route: Route): string {
  switch (route.view) {
    case 'platform':
      return `${route.platform} · Rekindle`;
    case 'run':
      return `${route.run} · Rekindle`;
    case 'fleet':
      return `Fleet ${route.fleet} · Rekindle`;
    case 'incident':
      return 'Incident · Rekindle';
    case 'incidents':
      return 'Incidents · Rekindle';
    case 'audit':
      return 'Audit · Rekindle';
    default:
      return 'Rekindle';
  }
}

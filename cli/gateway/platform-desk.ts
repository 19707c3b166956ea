import type { ListedPoints, PlatformDesk } from '../platform-desk.ts';
import type { Gateway } from './client.ts';

const pageLength = 1000;

/** Platforms and their catalogues, by way of a gateway. */
export function gatewayPlatformDesk(ask: Gateway): PlatformDesk {
  return {
    // The gateway says so itself when something is started.
    assertUsable: () => Promise.resolve(),
    overview: () => ask('platforms'),
    readiness: async (platform) => (await ask('platform', { params: { platform } })).readiness,
    async assess({ platform, point, before, volumes, beside, startedBy }, wait) {
      wait(`preflight of ${platform}, on its own side`);
      const body = { by: startedBy?.name, point, before, volumes, beside };
      const { at: _, ...assessment } = await ask('check', { params: { platform }, body });
      return assessment;
    },
    async points(platform) {
      const list: ListedPoints = { points: [], unfinished: [], warnings: [] };
      for (let before: string | undefined; ;) {
        const { points, next, ...first } = await ask('points', {
          params: { platform },
          query: { limit: pageLength, before },
        });
        if (before === undefined) Object.assign(list, first);
        list.points.push(...points);
        if (next === undefined) return list;
        before = next;
      }
    },
    point: (platform, point) => ask('point', { params: { platform, point } }),
    pin: (platform, point, by) => ask('pin', { params: { platform, point }, body: { by } }),
    unpin: (platform, point, word) => ask('unpin', { params: { platform, point }, body: word }),
    accept: (platform, point, word) => ask('acceptPoint', { params: { platform, point }, body: word }),
    report: (run, platform) => ask('report', { params: { run }, query: { platform } }),
  };
}

import type { FleetDesk } from '../../client/fleet-desk.ts';
import type { Gateway } from './client.ts';

const routes = { pause: 'pauseFleet', resume: 'resumeFleet', stop: 'stopFleet' } as const;

/** Restores of fleets, by way of a gateway. */
export function gatewayFleetDesk(ask: Gateway): FleetDesk {
  return {
    list: () => ask('fleets'),
    look: (fleet) => ask('fleet', { params: { fleet } }),
    approve: async (fleet, { typed, ...word }) =>
      (await ask('approveWave', { params: { fleet }, body: { ...word, fleet: typed } })).answer,
    tell: async (fleet, word, said) => (await ask(routes[word], { params: { fleet }, body: said })).answer,
  };
}

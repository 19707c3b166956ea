import { temporalFleetDesk, type FleetDesk } from '../../client/fleet-desk.ts';
import type { TemporalLink } from '../temporal-link.ts';

/** A desk of fleets that outlives its connection to Temporal. */
export function linkedFleets(link: TemporalLink): FleetDesk {
  return {
    list: () => link.use((client) => temporalFleetDesk(client).list()),
    look: (fleet) => link.use((client) => temporalFleetDesk(client).look(fleet)),
    approve: (fleet, word) => link.use((client) => temporalFleetDesk(client).approve(fleet, word)),
    tell: (fleet, word, said) => link.use((client) => temporalFleetDesk(client).tell(fleet, word, said)),
  };
}

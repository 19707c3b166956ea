import type { IncidentState } from '../../domain/incidents/incident.ts';
import { useFollowed } from '../api/hooks.ts';
import { Loaded } from '../parts/loading.tsx';
import { IncidentItem } from './item.tsx';

export function Incidents() {
  const followed = useFollowed<IncidentState[]>({ topic: 'incidents', route: 'incidents' });
  return (
    <main id="main" tabIndex={-1}>
      <h1>Incidents</h1>
      <Loaded of={followed} what="the incidents">
        {(incidents) =>
          incidents.length === 0 ? (
            <p class="dim">No tool has sent one. docs/incidents.md says how to connect PagerDuty and Alertmanager.</p>
          ) : (
            <ul class="incidents">
              {incidents.map((incident) => (
                <IncidentItem key={incident.id} incident={incident} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </main>
  );
}

import type { PlatformDetails } from '../../api/types.ts';
import { IncidentItem } from '../incidents/item.tsx';
import { Notice } from '../parts/notice.tsx';

export function Incidents({ details: { openIncidents } }: { details: PlatformDetails }) {
  if ('trouble' in openIncidents)
    return <Notice tone="warn" message={openIncidents.trouble.message} remedy={openIncidents.trouble.remedy} />;
  if (openIncidents.value.length === 0) return null;
  return (
    <ul class="incidents" aria-label="Open incidents">
      {openIncidents.value.map((incident) => (
        <IncidentItem key={incident.id} incident={incident} />
      ))}
    </ul>
  );
}

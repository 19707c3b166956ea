import type { IncidentState } from '../../domain/incidents/incident.ts';
import { StateMark } from '../parts/state-mark.tsx';
import { Away } from '../parts/time.tsx';
import { hrefOf } from '../route.ts';
import { incidentWord } from './words.ts';

export function IncidentItem({ incident }: { incident: IncidentState }) {
  const { id, title, platform, openedAt, resolvedAt, source } = incident;
  const { tone } = incidentWord(incident);
  return (
    <li>
      <a class={tone} href={hrefOf.incident(id)}>
        <StateMark {...incidentWord(incident)} />
        <strong>{title}</strong>
        <small>
          {platform} · {source} · {resolvedAt === undefined ? 'opened' : 'resolved'}{' '}
          <Away at={resolvedAt ?? openedAt} />
        </small>
      </a>
    </li>
  );
}

import type { IncidentPhase, IncidentState } from '../../domain/incidents/incident.ts';
import type { StateWord } from '../parts/tones.ts';

const words: Record<IncidentPhase, StateWord> = {
  open: { tone: 'bad', word: 'Open' },
  looking: { tone: 'busy', word: 'Preflight runs' },
  proposing: { tone: 'asks', word: 'Proposes a restore' },
  working: { tone: 'busy', word: 'A run works on it' },
  'waiting for the incident to end': { tone: 'warn', word: 'Waits for its end' },
  resolved: { tone: 'quiet', word: 'Resolved' },
};

export const incidentWord = ({ phase }: Pick<IncidentState, 'phase'>): StateWord => words[phase];

import type { IncidentState } from '../../domain/incidents/incident.ts';
import { checkLines, cut } from '../run/details-page.ts';

const longestText = 400;
const mostLines = 25;

/** What the Temporal UI shows of an incident under User Metadata: Markdown, below Temporal's 20 KB. */
export function incidentPage(state: IncidentState): string {
  const { platform, phase, title, url, source, action, rule, preflight, run } = state;
  const story = state.story.slice(-mostLines);
  const trouble = state.told.filter((one) => one.trouble !== undefined).slice(-3);
  return [
    `## Incident of ${platform}: ${phase}`,
    `**${cut(title, longestText)}** (${source}; ${rule}: ${action})`,
    url !== undefined && cut(url, longestText),
    preflight && `Preflight at ${preflight.at}: **${preflight.verdict}**`,
    preflight && checkLines(preflight.checks),
    run && `${run.other ? 'Refers to' : 'Its run is'} \`${run.id}\`: ${run.phase}`,
    story.map(({ at, text }) => `- ${at} ${cut(text, longestText)}`).join('\n'),
    ...trouble.map(({ at, to, trouble: why = '' }) => `- ${at} **not reported** to ${to}: ${cut(why, longestText)}`),
  ]
    .filter((part) => typeof part === 'string' && part !== '')
    .join('\n\n');
}

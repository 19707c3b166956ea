import type { PlatformName } from '../platform.ts';
import type { IncidentAction, IncidentEvent, IncidentSource, IncidentTarget } from './incident.ts';

/** One line of the mapping: which incidents concern which platform, and what is done. */
export interface IncidentRule {
  /** Absent: of every source. */
  source?: IncidentSource;
  /** All of them must hold; none: every incident fits. */
  match: { label: string; value: string | RegExp }[];
  /** `label`: the one that holds the platform's name. An incident without that label does not fit. */
  platform: PlatformName | { label: string };
  action: IncidentAction;
}

/** What the rules make of an incident; `unmapped` says why, for the log. */
export type Mapped = { target: IncidentTarget } | { unmapped: string };

/** The first rule that fits decides. `known`: the platforms that have a file. */
export function mapIncident(
  event: Pick<IncidentEvent, 'source' | 'labels'>,
  rules: readonly IncidentRule[],
  known: ReadonlySet<PlatformName>,
): Mapped {
  const position = rules.findIndex((rule) => fits(rule, event));
  const rule = rules[position];
  if (!rule) return { unmapped: 'no rule fits its labels' };
  const platform = typeof rule.platform === 'string' ? rule.platform : (event.labels[rule.platform.label] ?? '');
  const name = `rules[${position}]`;
  if (known.has(platform)) return { target: { platform, action: rule.action, rule: name } };
  return { unmapped: `${name} fits and leads to "${platform}", for which there is no platform file` };
}

function fits({ source, match, platform }: IncidentRule, event: Pick<IncidentEvent, 'source' | 'labels'>): boolean {
  if (source !== undefined && source !== event.source) return false;
  if (typeof platform !== 'string' && !has(event.labels, platform.label)) return false;
  return match.every(({ label, value }) => {
    if (!has(event.labels, label)) return false;
    const found = event.labels[label] ?? '';
    return typeof value === 'string' ? found === value : value.test(found);
  });
}

const has = (labels: Record<string, string>, label: string) => Object.hasOwn(labels, label);

/** Whether every incident that fits `later` fits `earlier` as well, so that `later` is never used. */
export function hides(earlier: IncidentRule, later: IncidentRule): boolean {
  if (earlier.source !== undefined && earlier.source !== later.source) return false;
  const { platform } = earlier;
  if (typeof platform !== 'string' && !(typeof later.platform !== 'string' && later.platform.label === platform.label))
    return false;
  return earlier.match.every(({ label, value }) =>
    later.match.some((other) => other.label === label && String(other.value) === String(value)),
  );
}

/**
 * What Temporal's lists can be searched by, all of type Keyword: the worker registers them, workflows set them. `kind` is
 * the kind of run, `incident`, `fleet`, `check`, `freshness`, `readiness`, or `lock`; `source`: the tool that reported an incident.
 */
export const searchAttributes = {
  kind: 'RekindleKind',
  platform: 'RekindlePlatform',
  phase: 'RekindlePhase',
  verdict: 'RekindleVerdict',
  recoveryPoint: 'RekindleRecoveryPoint',
  source: 'RekindleSource',
} as const;

export type SearchAttribute = keyof typeof searchAttributes;

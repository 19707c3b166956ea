import { says, type Part, type Suggestion } from './proposal.ts';
import type { Roles } from './roles.ts';
import type { SeenPlatform } from './seen.ts';

/**
 * Smoke checks: what a core service's own health check asks, where that answered from here, too. What did not, and ports
 * that services expose, is suggested only: a check that cannot hold would fail every restore.
 */
export function smokeOf(
  { core, beside }: Roles,
  { services, healthAnswers }: SeenPlatform,
): Part<Record<string, unknown>[]> & { suggestions: Suggestion[] } {
  const users = core.flatMap((name) => services.filter(({ service }) => service === name));
  const client = core.find((name) => !beside.some(({ service }) => service === name));
  const asked = users.flatMap(({ service, health }) => (health ? [{ service, ...health }] : []));
  const holds = asked.filter(({ service }) => isGood(healthAnswers[service]));
  const doubtful = asked.filter((check) => !holds.includes(check));
  const listening = users
    .filter(({ service }) => !asked.some((check) => check.service === service))
    .flatMap(({ service, ports }) => ports.slice(0, 1).map((port) => ({ kind: 'tcp', service, port })));
  const suggested = [...doubtful, ...listening];
  return {
    value: holds,
    remarks: holds.map(({ service }, position) =>
      says([position], `${service}'s own health check asks this; it answers ${healthAnswers[service]} now.`),
    ),
    suggestions:
      suggested.length > 0
        ? [
            {
              text: '? What must answer before a restore counts as passed; try each, and put it below "smoke":',
              content: { smoke: suggested },
            },
          ]
        : holds.length > 0
          ? []
          : [
              {
                text: '? What must answer before a restore counts as passed? For instance:',
                content: { smoke: [{ service: client ?? 'api', port: 8080, path: '/healthz' }] },
              },
            ],
  };
}

const isGood = (status: number | undefined) => status === 200;

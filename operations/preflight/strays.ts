import { failed, warned, type Check } from '../../domain/checks.ts';
import { hostOf } from '../../domain/hosts.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import type { Stray } from '../../domain/strays.ts';

/**
 * A service on another host than the platform file says would be created a second time, and its data restored beside the
 * old. What merely stands there, stopped, while the service is where it belongs is a warning. Undefined: all lie where the
 * file places them.
 */
export function checkStrays({ platform, observed, strays = [] }: RestoreSituation): Check | undefined {
  if (strays.length === 0) return undefined;
  const isAtHome = ({ service }: Stray) => observed.containers.some((container) => container.service === service);
  const isHarmless = (stray: Stray) => isAtHome(stray) && !stray.containers.some(({ running }) => running);
  const words = ({ service, host, containers }: Stray) =>
    `${service} is on ${host} (${containers.map(({ name, running }) => (running ? name : `${name}, stopped`)).join(', ')}), and the platform file places it on ${hostOf(platform, service) ?? observed.host}`;
  const wrong = strays.filter((stray) => !isHarmless(stray));
  if (wrong.length === 0)
    return warned(
      'placement',
      strays.map(words).join('; '),
      `Remove what an earlier place has left: ${strays.map(removal).join('; ')}`,
    );
  return failed(
    'placement',
    wrong.map(words).join('; '),
    `Correct deployment.hosts (${wrong.map(({ service, host }) => `${service}: ${host}`).join(', ')}), or stop the service where it does not belong: ${wrong.map(removal).join('; ')}`,
  );
}

function removal({ host, containers }: Stray): string {
  const names = containers.map(({ name }) => name).join(' ');
  return `docker stop ${names} && docker rm ${names} (on ${host})`;
}

import type { HostName } from '../../platform.ts';
import type { Step, StepId } from '../steps.ts';

export function last(steps: readonly Step[]): StepId[] {
  return steps.slice(-1).map(({ id }) => id);
}

/** The steps that no other of these waits for. */
export function leaves(steps: readonly Step[]): StepId[] {
  const awaited = new Set(steps.flatMap(({ after }) => after));
  return steps.filter(({ id }) => !awaited.has(id)).map(({ id }) => id);
}

/** Of the id of a step that is there once for each host: nothing on the platform's own. */
export function suffixOf({ host }: { host?: HostName }): string {
  return host === undefined ? '' : `@${host}`;
}

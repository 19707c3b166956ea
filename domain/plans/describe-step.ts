import type { Step } from './steps.ts';

/** How each action reads to a person: verb and object, and the host or the scene where it is not the platform's own place. */
export function describeStep({ host, scene, ...step }: Pick<Step, 'action' | 'arguments' | 'host' | 'scene'>): string {
  const what = describeWork(step);
  const where = host === undefined ? what : `${what} on ${host}`;
  return scene ? `${where} next to the platform` : where;
}

function describeWork(step: Pick<Step, 'action' | 'arguments'>): string {
  const words = step.action.replace(/([A-Z])/g, ' $1').toLowerCase();
  const args = step.arguments as Partial<
    Record<'hook' | 'service' | 'volume' | 'network' | 'store' | 'access' | 'when' | 'before', string>
  >;
  const { recoveryPoints, snapshots } = step.arguments as { recoveryPoints?: unknown[]; snapshots?: object };
  const many = recoveryPoints && `of ${recoveryPoints.length} recovery points`;
  const object =
    args.hook ??
    args.service ??
    args.volume ??
    args.network ??
    args.store ??
    (args.before && `before ${args.before}`) ??
    many;
  const detail = args.access ?? args.when ?? (snapshots && String(Object.keys(snapshots).length));
  return object === undefined ? words : `${words} ${object}${detail === undefined ? '' : ` (${detail})`}`;
}

import { elsewhere } from '../hosts.ts';
import type { Platform } from '../platform.ts';
import type { BackupHook } from '../policies.ts';
import type { Step, StepId } from './steps.ts';

/** One after the other; what a hook did is taken back however the backup ends. `after`: when the first may run. */
export function hooksBefore(platform: Platform, after: StepId[]): Step[] {
  const { hooks = [] } = platform.backup;
  return hooks.map((hook, index): Step => {
    const previous = hooks[index - 1];
    return {
      id: beforeOf(hook),
      action: 'runHook',
      ...elsewhere(platform, hook.service),
      arguments: argumentsOf(hook, 'before'),
      after: previous ? [beforeOf(previous)] : after,
      ...(hook.after && { undo: { action: 'runHook', arguments: argumentsOf(hook, 'after') } }),
    };
  });
}

/** In the reverse order. `after`: when all stores have been read. */
export function hooksAfter(platform: Platform, after: StepId[]): Step[] {
  const undone = (platform.backup.hooks ?? []).filter((hook) => hook.after).toReversed();
  return undone.map((hook, index): Step => {
    const previous = undone[index - 1];
    return {
      id: afterOf(hook),
      action: 'runHook',
      ...elsewhere(platform, hook.service),
      arguments: argumentsOf(hook, 'after'),
      after: previous ? [afterOf(previous)] : after,
    };
  });
}

const beforeOf = ({ name }: BackupHook): StepId => `hook-${name}`;
const afterOf = ({ name }: BackupHook): StepId => `hook-${name}-after`;

const argumentsOf = ({ name: hook, service, timeoutSeconds }: BackupHook, when: 'before' | 'after') => ({
  hook,
  service,
  when,
  timeoutSeconds,
});

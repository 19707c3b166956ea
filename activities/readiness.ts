import type { ReadinessCall } from '../domain/readiness/readiness.ts';
import type { Dependencies } from '../operations/open-platform.ts';
import { evaluateReadiness } from '../operations/readiness/evaluate.ts';
import { onPlatform } from './activity.ts';

export function readinessActivities(dependencies: Dependencies) {
  return {
    evaluateReadiness: onPlatform(dependencies, (open, call: ReadinessCall, watch) =>
      evaluateReadiness(open, call, watch),
    ),
  };
}

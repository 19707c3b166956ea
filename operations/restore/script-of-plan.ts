import { holdsSecret } from '../../config/redaction.ts';
import { Failure } from '../../domain/failures.ts';
import { scriptOf, type ScriptSource } from '../../domain/plans/script/script.ts';

/**
 * The plan as a script, made now. Failures: InvalidArgument for a platform that no script can restore; InvalidPlatformFile when the value of a
 * secret that this process has read would stand in it.
 */
export function scriptOfPlan(source: Omit<ScriptSource, 'at'>): string {
  const script = scriptOf({ ...source, at: new Date().toISOString() });
  if (!holdsSecret(script)) return script;
  throw new Failure('InvalidPlatformFile', {
    message: `The platform file of ${source.platform.platform} holds the value of a secret, which would stand in the script`,
    remedy: 'Name the secret by its file or variable in the platform file',
  });
}

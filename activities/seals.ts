import type { Said, Seal } from '../domain/seal.ts';
import { faultOfSeal } from '../operations/access/seal.ts';
import type { Dependencies } from '../operations/open-platform.ts';
import { activity } from './activity.ts';

export function sealActivities({ environment }: Dependencies) {
  return {
    /** Why the seal does not prove that a gateway let this person say so; undefined: it does. Failure: MissingKey. */
    faultOfSeal: activity(({ said, seal }: { said: Said; seal: Seal }) =>
      faultOfSeal(said, seal, { keyFile: environment.approvalKeysFile }),
    ),
  };
}

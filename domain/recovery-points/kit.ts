import { compactTime } from './key-parts.ts';
import type { PlatformName } from '../platform.ts';
import type { RecoveryPointId, RecoveryPointManifest } from './recovery-point.ts';

/** What a restore without Rekindle begins with: the platform file, the newest plan as a script, the newest manifest. */
export type Kit = Record<string, Uint8Array>;

export function kitsPrefix(platform: PlatformName): string {
  return `${platform}/kit/`;
}

/** Kits sort by the time of their point, whatever its id is. */
export function kitPrefix(
  platform: PlatformName,
  { id, startedAt }: Pick<RecoveryPointManifest, 'id' | 'startedAt'>,
): string {
  return `${kitsPrefix(platform)}${compactTime(startedAt)}~${id}/`;
}

/** The lines of `sha256sum`, which checks them. */
export function sumsOf(files: Readonly<Record<string, string>>): string {
  return Object.entries(files)
    .map(([name, digest]) => `${digest}  ${name}\n`)
    .join('');
}

/** What a person reads first. `noScript`: why there is none. */
export function kitText(platform: PlatformName, point: RecoveryPointId, noScript?: string): string {
  const script =
    noScript === undefined
      ? `restore.sh      restores this point with bash, docker, curl, jq and age: read it, then run it as root on the platform's host
`
      : `(restore.sh     is missing: ${noScript})
`;
  return `What a restore of ${platform} from the recovery point ${point} needs when Rekindle and Temporal are gone.

platform.yaml   the platform file; it names secrets and holds none
manifest.json   the recovery point's manifest
${script}SHA256SUMS      check them: sha256sum --check SHA256SUMS

From your safe: the key file of "rekindle keygen", and the credentials of the S3 server.
By hand, step by step: docs/restore-by-hand.md
`;
}

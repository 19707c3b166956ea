import type { PlatformName } from '../platform.ts';
import type { Part, Suggestion } from './proposal.ts';

/** What only people can decide. */
export function policySuggestions(
  name: PlatformName,
  documents: readonly Part<Record<string, unknown>>[],
): Suggestion[] {
  const { repository, secrets } = (documents[0]?.value ?? {}) as {
    repository?: { type: string; settings: Record<string, string> };
    secrets?: Record<string, unknown>;
  };
  const [accessKey, secretKey] = Object.values(secrets ?? {});
  const endpoint = repository?.settings['endpoint'];
  return [
    {
      text: '? The catalogue in a bucket, which must exist, in place of the one above:',
      content: {
        catalogue: {
          kind: 's3',
          bucket: `${name}-rekindle`.toLowerCase(),
          ...(endpoint !== undefined && { endpoint }),
          accessKey: accessKey ?? { file: '/etc/rekindle/secrets/s3_access_key' },
          secretKey: secretKey ?? { file: '/etc/rekindle/secrets/s3_secret_key' },
        },
      },
    },
    {
      text: '? When backups are taken, and how long they are kept. Until then: by hand, and all of them.',
      content: { backup: { schedule: '30 * * * *', retention: { hourly: 24, daily: 14, monthly: 6 } } },
    },
    {
      text: '? What you promise: how much work may be lost (RPO), and how long a restore may take (RTO).',
      content: { objectives: { recoveryPointMinutes: 90, recoveryTimeMinutes: 60 } },
    },
  ];
}

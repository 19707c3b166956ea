import { facts } from '../harness/index.ts';

/** A check of one's own of each kind, with what the report of a run must say of it. All of them hold on what was restored. */
export function ownChecks(): { smoke: object[]; evidence: unknown[] } {
  const users = facts().seeded.documents['nuvla-user'] ?? 0;
  return {
    smoke: [
      {
        service: 'api',
        port: 8080,
        path: '/healthz',
        expectStatus: 200,
        expectJson: [
          { pointer: '/healthy', equals: true },
          { pointer: '/zookeeper', equals: 'connected' },
        ],
      },
      {
        kind: 'query',
        store: 'documents',
        index: 'nuvla-user',
        query: { match_all: {} },
        atLeast: users,
        atMost: users,
      },
      { kind: 'command', service: 'api', command: ['sh', '-c', 'echo $0 is here', 'api'], expectOutput: 'api is here' },
      { kind: 'tcp', service: 'zookeeper', port: 2181 },
    ],
    evidence: [
      'api/healthz answered 200, /healthy is true, /zookeeper is "connected"',
      `documents/nuvla-user {"match_all":{}} ${users} documents`,
      expect.stringMatching(/^api: sh -c .* ended with 0, its output holds "api is here"$/),
      'zookeeper:2181 takes connections',
    ],
  };
}

import { readFile } from 'node:fs/promises';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { parseChecked, unreadableFile } from './checked-yaml.ts';
import type { Environment } from './environment.ts';
import { isLoopbackHost } from './listen-address.ts';
import { secretReference } from './platform-schema/common.ts';

const header = z
  .string()
  .regex(/^[A-Za-z0-9-]+$/, 'must be the name of an HTTP header')
  .transform((name) => name.toLowerCase());

const members = z.array(z.string().min(1)).default([]);
const byRole = { viewer: members, operator: members, approver: members };

const network = z.string().refine((text) => ipaddr.isValid(text) || ipaddr.isValidCIDR(text), {
  error: 'must be an address or a network, for instance 10.0.0.5 or 10.0.0.0/24',
});

const oidc = z.strictObject({
  issuer: z
    .url()
    .refine((url) => isSafeIssuer(url), { error: 'must begin with https:// (http only for this machine itself)' }),
  clientId: z.string().min(1),
  clientSecret: secretReference,
  scopes: z.array(z.string().min(1)).default(['openid', 'profile', 'email']),
  nameClaim: z
    .string()
    .min(1)
    .default('preferred_username')
    .describe('The claim that names a person; one that people cannot choose themselves'),
  roles: z.strictObject({ claim: z.string().min(1), ...byRole }).describe('Which values of a claim give which role'),
});

const trustedProxy = z.strictObject({
  from: z.array(network).min(1).describe('Addresses of the proxy; headers from anywhere else count for nothing'),
  nameHeader: header.describe('Names the person'),
  groupsHeader: header.optional().describe('Their groups, separated by commas'),
  roles: z.strictObject(byRole).describe('By group; without groupsHeader, by name'),
});

const access = z.strictObject({
  tokens: z.boolean().optional().describe('Whether tokens are accepted; default: yes'),
  oidc: oidc.optional(),
  trustedProxy: trustedProxy.optional(),
  monitoring: z
    .enum(['open', 'viewer'])
    .default('open')
    .describe('Who may read /status, /metrics and the JSON of /; /healthz and /readyz are always open'),
});

const tls = z.strictObject({
  certificate: z.string().min(1).describe('File in PEM format, with the certificates that lead to its authority'),
  key: z.string().min(1).describe('File in PEM format'),
  clientCa: z.string().min(1).optional().describe('File in PEM format: who signs the certificates of clients'),
});

export const gatewaySchema = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Where people reach the page; links lead there'),
    access: access.optional(),
    tls: tls.optional(),
  })
  .superRefine(({ url, access }, context) => {
    const report = (path: string[], message: string) =>
      context.addIssue({ code: 'custom', path, message, input: undefined });
    if (access?.oidc && url === undefined)
      report(['url'], 'missing; access.oidc needs the address to which people come back after they logged in');
    if (access?.tokens === false && !access.oidc && !access.trustedProxy)
      report(['access', 'tokens'], 'is false, and neither oidc nor trustedProxy is given: nobody could log in');
    for (const way of ['oidc', 'trustedProxy'] as const) {
      const roles = access?.[way]?.roles;
      if (roles && [roles.viewer, roles.operator, roles.approver].every((list) => list.length === 0))
        report(['access', way, 'roles'], 'gives nobody a role: name who is viewer, operator or approver');
    }
  });

/** Who may use the gateway, under which address, and with which certificate. */
export type GatewayFile = z.infer<typeof gatewaySchema>;
export type AccessSettings = z.infer<typeof access>;
export type OidcSettings = z.infer<typeof oidc>;
export type TrustedProxy = z.infer<typeof trustedProxy>;
export type TlsFiles = z.infer<typeof tls>;
/** Who has which role: values of a claim, groups or names. `*` stands for everybody. */
export type RoleMembers = Pick<TrustedProxy['roles'], 'viewer' | 'operator' | 'approver'>;

const kind = {
  schema: gatewaySchema,
  called: "a gateway's file",
  failure: 'InvalidGatewayFile',
  remedy: 'Fix the lines above; docs/access.md lists every key',
  mayBeEmpty: true,
} as const;

/** Parses and validates; exported for tests. */
export function parseGatewayFile(text: string, file: string, environment: NodeJS.ProcessEnv): GatewayFile {
  return parseChecked(text, file, kind, environment);
}

/**
 * Reads the file that REKINDLE_GATEWAY_FILE names; empty when nothing names one and `gateway.yaml` does not exist.
 * REKINDLE_URL goes before its `url`. Failures: InvalidGatewayFile, MissingSecret.
 */
export async function loadGatewayFile({ gatewayFile, url, variables }: Environment): Promise<GatewayFile> {
  const text = await readFile(gatewayFile.path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !gatewayFile.given) return '';
    throw unreadableFile(gatewayFile.path, kind, { error, variable: 'REKINDLE_GATEWAY_FILE' });
  });
  const file = parseGatewayFile(text, gatewayFile.path, variables);
  return url === undefined ? file : { ...file, url };
}

function isSafeIssuer(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}

import type { Environment } from './environment.ts';
import { loadMappingFile } from './incidents-file.ts';
import { resolveSecret } from './secrets.ts';
import { Failure } from '../domain/failures.ts';
import type { Mapping } from '../domain/incidents/decide.ts';
import type { SecretReference } from '../domain/platform.ts';

/** The incidents' file with the values of its secrets: what the receivers compare with. */
export interface IncidentSettings {
  sources: {
    pagerduty?: { keys: string[] };
    alertmanager?: { bearer?: string[]; basic?: { user: string; passwords: string[] }; mtls?: true };
    opsgenie?: { bearer: string[] };
    generic?: { bearer: string[] };
  };
  mapping: Mapping;
}

export interface IncidentSettingsOptions {
  environment: Environment;
  /** Whether the gateway asks for client certificates and knows who may sign them. */
  clientCertificates: boolean;
}

/** Undefined: no incidents are taken. Failures: InvalidIncidentsFile, MissingSecret. */
export async function readIncidentSettings({
  environment,
  clientCertificates,
}: IncidentSettingsOptions): Promise<IncidentSettings | undefined> {
  const file = await loadMappingFile(environment);
  if (!file) return undefined;
  const { pagerduty, alertmanager, opsgenie, generic } = file.sources;
  if (alertmanager?.mtls && !clientCertificates)
    throw new Failure('InvalidIncidentsFile', {
      message: `${environment.incidentsFile.path} asks for client certificates (sources.alertmanager.mtls), and the gateway has no tls.clientCa`,
      remedy:
        'Set tls.certificate, tls.key and tls.clientCa in gateway.yaml and restart the gateway, or use bearer or basic',
    });
  const values = (place: string, references: readonly SecretReference[]) =>
    Promise.all(references.map((one) => resolveSecret(one, `sources.${place}`, environment.variables)));
  const sources: IncidentSettings['sources'] = {};
  if (pagerduty) sources.pagerduty = { keys: await values('pagerduty.keys', pagerduty.keys) };
  if (alertmanager) {
    const { bearer, basic, mtls } = alertmanager;
    sources.alertmanager = {
      ...(bearer && { bearer: await values('alertmanager.bearer', bearer) }),
      ...(basic && {
        basic: { user: basic.user, passwords: await values('alertmanager.basic.password', basic.password) },
      }),
      ...(mtls && { mtls }),
    };
  }
  if (opsgenie) sources.opsgenie = { bearer: await values('opsgenie.bearer', opsgenie.bearer) };
  if (generic) sources.generic = { bearer: await values('generic.bearer', generic.bearer) };
  return { sources, mapping: { rules: file.rules, platforms: file.platforms } };
}

import { loadGatewayFile } from '../../config/gateway-file.ts';
import type { Environment } from '../../config/environment.ts';
import { loadIncidentsFile } from '../../config/incidents-file.ts';
import { redact } from '../../config/redaction.ts';
import { Failure } from '../../domain/failures.ts';
import type { IncidentReport, ReportReceipt } from '../../domain/incidents/report-back.ts';
import { hostOf, send } from '../../systems/http-receiver.ts';
import { waysBack, type Letter, type WayBack } from './ways-back.ts';

/**
 * Reports to the tool that sent an incident, once on each way back that its source names: none is no failure. Addresses and
 * secrets are read anew each time. Throws only when `signal` aborts.
 */
export async function tellIncident(
  environment: Environment,
  report: IncidentReport,
  signal: AbortSignal,
): Promise<ReportReceipt[]> {
  const { source, only } = report;
  try {
    const file = await loadIncidentsFile(environment);
    if (file === undefined)
      return [
        {
          to: source,
          trouble: `This worker has no incidents' file (${environment.incidentsFile.path}): set REKINDLE_INCIDENTS_FILE as for the gateway`,
        },
      ];
    const letter = await letterOf(environment, report);
    const ways = waysBack(file.sources, letter, environment.variables);
    return await Promise.all(ways.filter(({ to }) => only?.includes(to) ?? true).map((way) => taken(way, signal)));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // A file that somebody is editing: it will be right again.
    return [{ to: source, trouble: redact(error.message), again: true }];
  }
}

async function letterOf(environment: Environment, report: IncidentReport): Promise<Letter> {
  const { url } = await loadGatewayFile(environment);
  const page = url === undefined ? undefined : `${url.replace(/\/+$/, '')}/#`;
  const { id, run } = report;
  return {
    ...report,
    text: redact(report.text),
    ...(page !== undefined && {
      links: {
        incident: `${page}/incidents/${encodeURIComponent(id)}`,
        ...(run !== undefined && { run: `${page}/runs/${encodeURIComponent(run)}` }),
      },
    }),
  };
}

async function taken({ to, message }: WayBack, signal: AbortSignal): Promise<ReportReceipt> {
  try {
    const sent = await message();
    const receipt = await send(sent, signal);
    if (receipt.taken) return { to };
    return { to, trouble: `${hostOf(sent.url)}: ${receipt.why}`, ...(receipt.again && { again: true }) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { to, trouble: error.message, again: true };
  }
}

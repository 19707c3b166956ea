import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { routeSchemas } from '../../api/route-schemas.ts';
import { routes } from '../../api/routes.ts';
import { redactAll } from '../../config/redaction.ts';
import { reportDocument } from '../../domain/reports/document.ts';
import { troubleOf } from '../../domain/status/status.ts';
import { escapeXml } from '../../drawing/escape-xml.ts';
import { htmlPage, reportHtml } from '../../drawing/report/html.ts';
import { httpStatus } from '../http-status.ts';
import type { ReadReport } from './run-details.ts';
import { validated } from './validated.ts';

/** The page stands alone: its style is within it, and it loads and runs nothing. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The report of a run as people read, print and keep it; the same page that `rekindle report --out` writes. */
export function reportPageRoute(server: FastifyInstance, readReport: ReadReport): void {
  const { path, role } = routes.reportPage;
  const read = async ({ params, query }: FastifyRequest): Promise<string> => {
    const { platform } = validated(routeSchemas.reportPage.query, query, 'The query');
    const report = await readReport((params as { run: string }).run, platform);
    // Before it is written as HTML, where a secret would look different.
    return reportHtml(redactAll(reportDocument(report)));
  };
  server.get(path.replace('{run}', ':run'), { config: { role } }, (request, reply) =>
    read(request).then(
      (page) => send(reply, page),
      (error: unknown) => refused(error, request, reply),
    ),
  );
}

/** People come here by a link: they get a page, programs what every other route answers. */
function refused(error: unknown, { headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!(headers.accept ?? '').includes('text/html')) throw error;
  const { message, remedy } = redactAll(troubleOf(error));
  const lines = [message, remedy].map((line) => `<p>${escapeXml(line)}</p>`);
  return send(reply.code(httpStatus(error)), htmlPage('No report', ['<h1>No report</h1>', ...lines]));
}

function send(reply: FastifyReply, page: string): FastifyReply {
  return reply
    .header('cache-control', 'no-store')
    .header('content-security-policy', policy)
    .type('text/html; charset=utf-8')
    .send(page);
}

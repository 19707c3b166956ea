import { z } from 'zod';
import { runReport } from './schemas/report.ts';

/** The JSON Schema of a run's report, as it lies in the catalogue: `docs/report.schema.json`. */
export function reportJsonSchema(): unknown {
  return { title: 'The report of a run of Rekindle', ...z.toJSONSchema(runReport, { io: 'input' }) };
}

import { writeFile } from 'node:fs/promises';
import { reportJsonSchema } from './report-schema.ts';

// `npm run schema`: the schema of reports, printed from the one that the API has. A test fails when they differ.
const file = new URL('../../docs/report.schema.json', import.meta.url);
await writeFile(file, `${JSON.stringify(reportJsonSchema(), undefined, 2)}\n`);

import { writeFile } from 'node:fs/promises';
import { platformJsonSchema } from './platform-schema.ts';

// `npm run schema`: the schema for editors, printed from the one that validates. A test fails when they differ.
const file = new URL('../../docs/platform.schema.json', import.meta.url);
await writeFile(file, `${JSON.stringify(platformJsonSchema(), undefined, 2)}\n`);

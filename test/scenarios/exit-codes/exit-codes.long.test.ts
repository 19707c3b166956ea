import { exitCodes } from '../../../cli/exit-codes.ts';
import { rows, useTable, walk } from './table.ts';

// The rows of the table that exit-codes.test.ts leaves.

useTable();

for (const [code, [, ...others]] of Object.entries(rows))
  if (others.length > 0)
    test(`exit code ${exitCodes[code as keyof typeof rows]}, ${code}: for people and as one document`, () =>
      walk(code as keyof typeof rows, others));

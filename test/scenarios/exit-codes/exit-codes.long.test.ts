import { testPoints, testRows, useTable } from './table.ts';

// The rows of the table that exit-codes.test.ts leaves.

useTable();
testRows(([, ...others]) => others);
testPoints();

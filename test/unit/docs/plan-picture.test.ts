import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { graphOf } from '../../../drawing/graph.ts';
import { svgOf } from '../../../drawing/svg.ts';
import { project, textOf } from '../../markdown.ts';
import { plans } from '../drawing/samples.ts';

const picture = 'docs/images/plan-restore.svg';

// REDRAW=1 npx jest test/unit/docs/plan-picture.test.ts
test('the picture of a restore in the docs is what --graph draws (REDRAW=1 draws it again)', async () => {
  const svg = svgOf(graphOf(plans.restore));
  if (process.env['REDRAW'] === '1') await writeFile(join(project, picture), svg);
  expect(textOf(picture)).toBe(svg);
});

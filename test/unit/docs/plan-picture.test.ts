import { graphOf } from '../../../drawing/graph.ts';
import { svgOf } from '../../../drawing/svg.ts';
import { textOf } from '../../markdown.ts';
import { plans } from '../drawing/samples.ts';

test('the picture of a restore in the docs is what --graph draws', () => {
  expect(textOf('docs/images/plan-restore.svg')).toBe(svgOf(graphOf(plans.restore)));
});

import type uPlot from 'uplot';

const arm = 4.5;

/** A cross for each value: what failed is seen without its colour. */
export const crosses: uPlot.Series.PathBuilder = (plot, index, from, to) => {
  const stroke = new Path2D();
  const size = arm * devicePixelRatio;
  const [times] = plot.data;
  const values = plot.data[index] ?? [];
  for (let at = from; at <= to; at++) {
    const [time, value] = [times[at], values[at]];
    if (time === undefined || value === undefined || value === null) continue;
    const x = plot.valToPos(time, 'x', true);
    const y = plot.valToPos(value, 'y', true);
    stroke.moveTo(x - size, y - size);
    stroke.lineTo(x + size, y + size);
    stroke.moveTo(x + size, y - size);
    stroke.lineTo(x - size, y + size);
  }
  return { stroke, flags: 0 };
};

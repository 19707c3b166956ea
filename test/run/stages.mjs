/**
 * In their order. Those with a `lane` need no Docker; both lanes run side by side: one computes, the other mostly waits for
 * Temporal. The others have the machine to themselves. A stage without a command is the Jest project of its name.
 */
export const stages = [
  { name: 'lint', lane: 'computes', command: ['npm', 'run', '--silent', 'lint'] },
  { name: 'types', lane: 'computes', command: ['npm', 'run', '--silent', 'types'] },
  { name: 'unit', lane: 'computes' },
  { name: 'workflows', lane: 'waits' },
  { name: 'replay', lane: 'waits' },
  { name: 'systems' },
  { name: 'stack' },
  { name: 'scenarios' },
  { name: 'chaos' },
];

/** The chosen stages as lanes that run side by side, one such group after the other. */
export function inGroups(chosen) {
  const lanes = ['computes', 'waits'].map((name) => chosen.filter(({ lane }) => lane === name));
  const alone = chosen.filter(({ lane }) => lane === undefined).map((stage) => [[stage]]);
  return [lanes.filter((lane) => lane.length > 0), ...alone].filter((group) => group.length > 0);
}

// CommonJS, because Temporal's SDK loads it with `require`, also on Node versions that cannot `require` an ES module.
const { DefaultFailureConverter } = require('@temporalio/common');

// Moves a failure's message and stack into a payload, which the codec encrypts. Without it they stand in the history as
// they are, next to encrypted arguments.
exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });

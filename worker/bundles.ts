/**
 * Where the build puts the workflows' code. Workflows turn their failures into protobuf inside the sandbox, so whether
 * messages and stacks of failures can be encrypted is settled in the bundle: there are two.
 */
export const workflowBundles = {
  plain: new URL('../workflow-bundle.js', import.meta.url),
  encrypted: new URL('../workflow-bundle-encrypted.js', import.meta.url),
};

/**
 * Where the build puts the workflow bundles. Workflows turn their failures into protobuf inside the sandbox, so whether
 * messages and stacks of failures are encrypted is decided in the bundle: there are two.
 */
export const workflowBundles = {
  plain: new URL('../workflow-bundle.js', import.meta.url),
  encrypted: new URL('../workflow-bundle-encrypted.js', import.meta.url),
};

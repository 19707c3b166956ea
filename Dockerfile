# Rekindle's own image: `docker build -t rekindle .`
#
# Not Alpine: Temporal's core is a native library for glibc. NODE_IMAGE: another image with Node 20.19 or newer, a user `node` and,
# unless the context is built already, npm.
ARG NODE_IMAGE=node:26-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY . .
# `.dockerignore` keeps dist/ and node_modules/ out of a plain build, so both are made here, from the sources and the lock file.
# Set-up (setup/images/product.mjs) hands over a context that has them, for engines whose containers reach no package registry.
RUN if [ ! -d dist ]; then npm ci && npm run build && npm prune --omit=dev; fi \
  && mkdir -p /opt/rekindle \
  && cp -R package.json bin dist node_modules /opt/rekindle/

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
COPY --from=build /opt/rekindle /opt/rekindle
WORKDIR /opt/rekindle
# A volume that is mounted here belongs to the image's user.
RUN mkdir -m 700 /var/lib/rekindle && chown node:node /var/lib/rekindle
USER node
# Of the command `gateway`: page, API, status and metrics.
EXPOSE 18080
ENTRYPOINT ["node", "/opt/rekindle/bin/rekindle.mjs"]
CMD ["worker"]

# The server and the site it serves, in one image: docker build -t vigie .
# Node runs the server's TypeScript as it is. It strips types through workspace links, not inside node_modules, so the
# workspaces lie beside node_modules here as they do in a clone.
# check=error=true

FROM node:26.10.0-bookworm-slim AS manifests
WORKDIR /srv/vigie
COPY package.json package-lock.json .npmrc ./
COPY kernel/package.json kernel/
COPY exam-engine/package.json exam-engine/
COPY checks/package.json checks/
COPY contract/package.json contract/
COPY proctor-server/package.json proctor-server/
COPY web/package.json web/
COPY test/package.json test/

FROM manifests AS site
# No install script is needed here: the image has its own Node, and nothing else is compiled.
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY kernel kernel
COPY exam-engine exam-engine
COPY checks checks
COPY contract contract
COPY web web
RUN npm run --silent generate -w web && npm run --silent build -w web

FROM manifests AS packages
RUN npm ci --ignore-scripts --omit=dev --workspace=@vigie/proctor-server --include-workspace-root=false

FROM packages
COPY LICENSE ./
COPY kernel kernel
COPY exam-engine exam-engine
COPY checks checks
COPY contract contract
COPY proctor-server proctor-server
COPY --from=site /srv/vigie/web/build web/build
# Recordings and the keys that open them.
RUN install --directory --owner=node --group=node --mode=0700 /var/lib/vigie /var/lib/vigie-keys
VOLUME /var/lib/vigie /var/lib/vigie-keys
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4780 \
    DATA_DIR=/var/lib/vigie \
    WEB_DIR=/srv/vigie/web/build
EXPOSE 4780
USER node
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "proctor-server/src/main.ts"]

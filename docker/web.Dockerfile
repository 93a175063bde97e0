# syntax=docker/dockerfile:1
# nginx, its configuration, and the pages.
#   docker build -f docker/web.Dockerfile -t studyteddy/web .

FROM node:24-alpine AS pages
WORKDIR /web
# The brackets make a pattern of the name: a tree without web/ builds too, and the application answers at / then.
COPY docker/nginx/page-scripts.mjs we[b] ./
ENV NEXT_TELEMETRY_DISABLED=1 npm_config_cache=/var/cache/npm
RUN --mount=type=cache,target=/var/cache/npm \
    mkdir -p out && touch page_scripts.conf \
    && if [ -f package.json ]; then \
        npm ci --no-audit --no-fund && npm run build && node page-scripts.mjs out/csp.json >page_scripts.conf; \
    fi

FROM nginx:1.30-alpine AS web
LABEL org.opencontainers.image.title="Study Teddy's web server" \
      org.opencontainers.image.licenses="MIT"
RUN rm -rf /etc/nginx/conf.d /docker-entrypoint.d/*.sh \
    && install -d -o 101 -g 101 -m 0700 /var/spool/nginx
COPY docker/nginx/*.conf /etc/nginx/
COPY --chmod=0755 docker/nginx/upload-limit.sh /docker-entrypoint.d/
COPY --from=pages /web/page_scripts.conf /etc/nginx/
COPY --from=pages /web/out /srv/web
# Proves that nginx can read it all; names of other containers are looked up while it runs.
RUN /docker-entrypoint.d/upload-limit.sh && nginx -t && rm -rf /tmp/* /var/spool/nginx/*
USER 101:101
EXPOSE 8080 8443
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8081/live"]

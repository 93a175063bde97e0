# syntax=docker/dockerfile:1
# pgBouncer (ISC licence) as Debian builds and mends it, with our configuration.
FROM debian:trixie-slim
LABEL org.opencontainers.image.title="Study Teddy's connection pooler" \
      org.opencontainers.image.licenses="ISC"
RUN apt-get update \
    && apt-get install --yes --no-install-recommends pgbouncer \
    && rm -rf /var/lib/apt/lists/*
COPY docker/pgbouncer/pgbouncer.ini /etc/pgbouncer/studyteddy.ini
COPY --chmod=0755 docker/pgbouncer/start.sh /usr/local/bin/start-pgbouncer
USER 10001:10001
EXPOSE 6432
# Lets clients finish what they began.
STOPSIGNAL SIGINT
HEALTHCHECK --interval=5s --timeout=3s --start-period=5s --retries=3 \
    CMD ["timeout", "2", "bash", "-c", "</dev/tcp/127.0.0.1/6432"]
ENTRYPOINT ["start-pgbouncer"]

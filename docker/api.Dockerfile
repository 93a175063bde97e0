# syntax=docker/dockerfile:1
# One installation for every process of the server; the command decides: serve, serve --sockets, worker, migrate, ...
#   docker build -f docker/api.Dockerfile --target production -t studyteddy/api .
#   docker build -f docker/api.Dockerfile --target embedded -t studyteddy/embedded .

ARG PYTHON=python:3.13-slim-trixie

FROM ${PYTHON} AS wheel
ENV PIP_CACHE_DIR=/var/cache/pip
WORKDIR /build
COPY requirements/build.txt requirements/
RUN --mount=type=cache,target=/var/cache/pip pip install --no-deps --require-hashes --only-binary :all: -r requirements/build.txt
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY src src
# The pages come from a stage of their own, and in production from nginx.
RUN STUDYTEDDY_WEB=skip python -m hatchling build --target wheel --directory /wheels

FROM ${PYTHON} AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_CACHE_DIR=/var/cache/pip
# Without pip in it: what is installed in the image is decided here.
RUN python -m venv --without-pip /opt/studyteddy

FROM packages AS production-packages
COPY requirements/production.txt ./
RUN --mount=type=cache,target=/var/cache/pip \
    pip --python /opt/studyteddy/bin/python install --no-deps --require-hashes --only-binary :all: -r production.txt
RUN --mount=from=wheel,source=/wheels,target=/wheels \
    pip --python /opt/studyteddy/bin/python install --no-deps --no-index /wheels/*.whl

# The pages, which nginx serves in production. The brackets make a pattern of the name: a tree without web/ builds too.
FROM node:24-alpine AS pages
WORKDIR /web
COPY LICENSE we[b] ./
ENV NEXT_TELEMETRY_DISABLED=1 npm_config_cache=/var/cache/npm
RUN --mount=type=cache,target=/var/cache/npm \
    mkdir -p out && if [ -f package.json ]; then npm ci --no-audit --no-fund && npm run build; fi

FROM packages AS embedded-packages
COPY requirements/run.txt ./
RUN --mount=type=cache,target=/var/cache/pip \
    pip --python /opt/studyteddy/bin/python install --no-deps --require-hashes --only-binary :all: -r run.txt
RUN --mount=from=wheel,source=/wheels,target=/wheels \
    pip --python /opt/studyteddy/bin/python install --no-deps --no-index /wheels/*.whl
RUN --mount=from=pages,source=/web/out,target=/pages \
    cp -r /pages "$(/opt/studyteddy/bin/python -c 'import studyteddy; print(studyteddy.__path__[0])')/_web"

FROM ${PYTHON} AS runtime
LABEL org.opencontainers.image.title="Study Teddy" \
      org.opencontainers.image.description="Plan, read, ask, make cards, review" \
      org.opencontainers.image.licenses="MIT"
# Numbers, so that Kubernetes can see that this is not root.
RUN groupadd --gid 10001 teddy \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin teddy \
    && install -d -o 10001 -g 10001 -m 0700 /data /backups
ENV PATH=/opt/studyteddy/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STUDYTEDDY_HOST=0.0.0.0 \
    STUDYTEDDY_HOME=/data
WORKDIR /data
USER 10001:10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["studyteddy"]

FROM runtime AS embedded
COPY --from=embedded-packages /opt/studyteddy /opt/studyteddy
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["serve"]

FROM runtime AS production
COPY --from=production-packages /opt/studyteddy /opt/studyteddy
COPY --chmod=0755 docker/backup.sh /usr/local/bin/studyteddy-backup
ENV STUDYTEDDY_PROFILE=production
EXPOSE 8000 8001
# That of the web process; what runs another command in this image brings its own.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["serve"]

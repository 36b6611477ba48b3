# The server and the worker in one image. docs/development.md says what of this was proved without a Docker engine.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/keihi
COPY requirements.lock ./
RUN /opt/keihi/bin/pip install --quiet --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md ./
COPY bot bot
COPY handlers handlers
COPY ocr ocr
COPY storage storage
RUN /opt/keihi/bin/pip install --quiet --no-deps --no-build-isolation . \
 && /opt/keihi/bin/pip check \
 && /opt/keihi/bin/pip uninstall --quiet --yes setuptools

FROM python:3.11-slim-bookworm
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends tesseract-ocr tesseract-ocr-jpn \
 && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 keihi \
 && useradd --uid 10001 --gid keihi --home-dir /data --no-create-home --shell /usr/sbin/nologin keihi \
 && install --directory --owner keihi --group keihi --mode 700 /data
COPY --from=build /opt/keihi /opt/keihi
ENV PATH=/opt/keihi/bin:/usr/local/bin:/usr/bin:/bin PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    KEIHI_HOST=0.0.0.0 KEIHI_PORT=8000 KEIHI_DATA_DIR=/data KEIHI_LOG_JSON=true ORT_DISABLE_TELEMETRY=1
WORKDIR /data
USER keihi
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['KEIHI_PORT'] + '/healthz', timeout=4)"]
CMD ["keihi", "serve"]

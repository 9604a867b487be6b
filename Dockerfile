# The environment is built apart, so that the image holds no build tools.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.lock /build/requirements.lock
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes -r /build/requirements.lock

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Safety Bot" org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin bot \
    && install -d -o bot -g bot /data
COPY --from=build /opt/venv /opt/venv
COPY bot /app/bot
COPY content /app/content
# Compiled here, because the root filesystem may be read-only where it runs.
RUN /opt/venv/bin/python -m compileall -q /app/bot
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    BOT_CONTENT_DIR=/app/content \
    BOT_DATA_DIR=/data \
    BOT_HTTP_LISTEN=127.0.0.1:8080
# Learnt here, beside the program, so that no container's first answer waits for it.
RUN python -m bot learn
USER bot
VOLUME /data
STOPSIGNAL SIGTERM
# Not /ready: while Telegram is away, starting anew would only lose time.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/health', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]

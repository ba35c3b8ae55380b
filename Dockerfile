# The service desk in one image; docker-compose.yml says which process runs where.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PATH=/srv/desk/.venv/bin:$PATH \
    DATA_DIR=/srv/data

RUN useradd --system --home-dir /srv/desk desk \
    && mkdir -p /srv/desk /srv/data \
    && chown desk:desk /srv/desk /srv/data
USER desk
WORKDIR /srv/desk

COPY --chown=desk:desk . .
# A key only for gathering static files; the running product gets its own.
RUN SECRET_KEY=build python -m deploy.setup --image

VOLUME /srv/data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status >= 500)"]
CMD ["python", "-m", "gunicorn", "servicedesk.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--no-control-socket", "--log-level", "warning"]

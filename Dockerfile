# Stage 1 brings the packages, each checked against the hash in the lock; stage 2 has no compiler and does not run as root.
FROM python:3.12-slim-bookworm AS wheels
WORKDIR /build
COPY requirements.lock .
RUN pip wheel --no-cache-dir --require-hashes --requirement requirements.lock --wheel-dir /wheels

FROM python:3.12-slim-bookworm
# What WeasyPrint loads, and Tinos, which has the widths of Times New Roman.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-croscore \
    && rm -rf /var/lib/apt/lists/*
RUN --mount=type=bind,from=wheels,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --no-deps /wheels/*.whl

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.prod \
    VAR_DIR=/srv/var \
    MEDIA_ROOT=/srv/media \
    HOME=/srv/var
WORKDIR /srv/emulation
COPY . .
# The key lives for this one command; nothing is read from or written to a database or queue.
RUN useradd --system --uid 10001 --home-dir /srv/var --shell /usr/sbin/nologin emulation \
    && mkdir -p /srv/var /srv/media \
    && SECRET_KEY=only-while-building ALLOWED_HOSTS=localhost REDIS_URL=redis://127.0.0.1:6379/0 \
        python manage.py collectstatic --noinput --verbosity 0 \
    && chown -R emulation:emulation /srv/var /srv/media
USER emulation
EXPOSE 8000
CMD ["scripts/start-web"]

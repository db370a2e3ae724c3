# The action's image. The runner builds it from this folder on every run of an
# unreleased version; a release points action.yml at the image it published.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv --without-pip /opt/architect-review
COPY requirements/run.txt requirements/build.txt /build/requirements/
# Dependencies first: their layer stays while only our source changes.
RUN python -m pip --python /opt/architect-review/bin/python install --require-hashes -r /build/requirements/run.txt \
 && python -m venv /build/env \
 && /build/env/bin/python -m pip install --require-hashes -r /build/requirements/build.txt
COPY pyproject.toml README.md LICENSE /build/
COPY agents /build/agents
COPY src /build/src
RUN /build/env/bin/python -m pip wheel --no-deps --no-build-isolation --wheel-dir /build/wheels /build \
 && python -m pip --python /opt/architect-review/bin/python install --no-deps --no-index /build/wheels/*.whl \
 && python -m compileall -q -j 0 /opt/architect-review/lib

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Architect Review" \
      org.opencontainers.image.licenses="MIT"
# Bytecode of the standard library: it is not shipped compiled everywhere, and
# compiling it at each start costs more than the review's own code.
RUN python -m compileall -q -j 0 /usr/local/lib/python3.13 || true
COPY --from=build /opt/architect-review /opt/architect-review
# The runner starts the container in the workspace: nothing there may be imported.
ENV PYTHONSAFEPATH=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
ENTRYPOINT ["/opt/architect-review/bin/architect-review", "action"]

# The action's image. The runner builds it from this folder on every run of an
# unreleased version; a release points action.yml at the image it published.
FROM python:3.13-slim AS dependencies
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/run.txt /build/requirements/
# Bytecode that never asks for its source's time holds in every copy of the files.
RUN python -m venv --without-pip /opt/architect-review \
 && python -m pip --python /opt/architect-review/bin/python install --no-compile --require-hashes -r /build/requirements/run.txt \
 && find /opt/architect-review/lib -type d -name tests -prune -exec rm -r {} + \
 && python -B -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/architect-review/lib \
 && find /opt/architect-review/bin -type f -delete

FROM dependencies AS program
COPY requirements/build.txt /build/requirements/
RUN python -m venv /build/env \
 && /build/env/bin/python -m pip install --require-hashes -r /build/requirements/build.txt
COPY pyproject.toml README.md LICENSE /build/
COPY agents /build/agents
COPY src /build/src
# -I in the script's first line: with `env: PYTHONPATH: .` in a workflow, the workspace
# would be on the import path, and a pull request's code would run. -B: nothing is
# written beside the code. UTF-8 whatever locale a workflow names.
RUN /build/env/bin/python -m pip wheel --no-deps --no-build-isolation --wheel-dir /build/wheels /build \
 && python -m pip --python /opt/architect-review/bin/python install --no-compile --no-deps --no-index --root /program /build/wheels/*.whl \
 && sed -i '1s|$| -IBXutf8|' /program/opt/architect-review/bin/architect-review \
 && python -B -m compileall -q -j 0 --invalidation-mode unchecked-hash -s /program /program/opt/architect-review/lib

FROM python:3.13-slim AS system
# What builds, installs or shows Python has no place in a run. The base image holds no
# bytecode of the standard library, and compiling it at each start costs a second.
WORKDIR /usr/local
RUN rm -rf include share/man bin/2to3* bin/idle* bin/pip* bin/pydoc* bin/python*-config \
      lib/pkgconfig lib/python3.13/config-3.13-* lib/python3.13/ensurepip lib/python3.13/idlelib \
      lib/python3.13/pydoc_data lib/python3.13/site-packages/* lib/python3.13/test \
      lib/python3.13/tkinter lib/python3.13/turtle* lib/python3.13/venv \
 && python -B -m compileall -q -j 0 --invalidation-mode unchecked-hash lib/python3.13

# From nothing: what was removed would still be there, in the layer below.
FROM scratch
LABEL org.opencontainers.image.title="Architect Review" \
      org.opencontainers.image.description="Reviews pull requests as an architect would" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="docker.io/library/python:3.13-slim"
ENV PATH=/opt/architect-review/bin:/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8
# hadolint ignore=DL3067
COPY --from=system / /
COPY --from=dependencies /opt/architect-review /opt/architect-review
COPY --from=program /program /
ENTRYPOINT ["/opt/architect-review/bin/architect-review", "action"]

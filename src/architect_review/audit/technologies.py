"""What a repository builds on, as its own files declare it.

Sources: the packages' catalogue of the signals; of images their own descriptions on
Docker Hub; the tools' documentation for the names of their files.
"""

import re
from collections.abc import Iterator, Mapping

from architect_review.audit.survey import Technology
from architect_review.change.sides import matches
from architect_review.signals.catalogue import category_of
from architect_review.signals.manifests import (
    FLOORS,
    MANIFESTS,
    python_floors,
    requirements,
)
from architect_review.signals.processes import Deployable
from architect_review.signals.reading import checked
from architect_review.signals.toolchains import TOOLCHAINS, toolchain
from architect_review.signals.workloads import (
    COMPOSE,
    DEPLOYABLES,
    DOCKERFILES,
    deployables,
)

LANGUAGE = "language"
_RUNTIME = "runtime"
_VERSION_LIMIT = 60

_BY_PATH: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("GitHub Actions", "CI/CD"): (".github/workflows/*",),
    ("GitLab CI", "CI/CD"): (".gitlab-ci.yml",),
    ("CircleCI", "CI/CD"): (".circleci/config.yml",),
    ("Jenkins", "CI/CD"): ("Jenkinsfile*",),
    ("Azure Pipelines", "CI/CD"): ("azure-pipelines*.yml",),
    ("Docker", "deployment"): DOCKERFILES,
    ("Docker Compose", "deployment"): COMPOSE,
    ("Terraform", "infrastructure as code"): ("*.tf",),
    ("Pulumi", "infrastructure as code"): ("Pulumi.yaml",),
    ("Helm", "deployment"): ("Chart.yaml",),
    ("Ansible", "infrastructure as code"): ("ansible.cfg", "**/ansible/*.y*ml"),
    ("OpenAPI", "API description"): ("*openapi*.y*ml", "*openapi*.json"),
    ("GraphQL", "API description"): ("*.graphql",),
    ("Protocol Buffers", "API description"): ("*.proto",),
}
"""Technologies that a file's name tells, by name and category."""
_IMAGES: Mapping[str, str] = {
    "database": """
        postgres postgresql postgis timescaledb timescaledb-ha mysql mariadb mongo
        mongodb cockroach cockroachdb cassandra scylla clickhouse clickhouse-server
        influxdb neo4j mssql couchdb couchbase oracle dynamodb-local pgvector
        percona questdb
    """,
    "cache": "redis valkey redis-stack redis-stack-server memcached dragonfly keydb",
    "broker": """
        rabbitmq kafka cp-kafka redpanda nats zookeeper cp-zookeeper activemq artemis
        mosquitto emqx pulsar elasticmq
    """,
    "search": "elasticsearch opensearch solr meilisearch typesense qdrant weaviate",
    "web server or proxy": """
        nginx nginx-unprivileged httpd caddy traefik haproxy envoy kong varnish
    """,
    "object storage": "minio localstack azurite fake-gcs-server seaweedfs",
    "identity": "keycloak dex vault oauth2-proxy authentik kratos hydra",
    "observability": """
        prometheus grafana loki tempo jaeger all-in-one otel-collector
        opentelemetry-collector opentelemetry-collector-contrib zipkin sentry
        alertmanager node-exporter statsd-exporter kibana logstash fluentd fluent-bit
        promtail
    """,
    "workflow engine": "temporal auto-setup airflow prefect zeebe",
}
"""What well-known images run, by the last part of their name."""
_CATEGORY = {name: what for what, names in _IMAGES.items() for name in names.split()}
_TOOLS = {"engines.node": "Node.js", "engines.npm": "npm", "nodejs": "Node.js"}
_LANGUAGES = {"python": "Python", "ruby": "Ruby", "java": "Java", "golang": "Go"}
_GO = re.compile(r"^go\s+(\d[\w.]*)\s*$", re.M)
_RUST = re.compile(r"^rust-version\s*=\s*\"([^\"\n]+)\"", re.M)


def declares(path: str) -> bool:
    """Whether a file's text may declare something."""
    return matches(path, _READ)


_READ = (*MANIFESTS, *TOOLCHAINS, *DEPLOYABLES, "go.mod", "Cargo.toml")


def by_path(path: str) -> Iterator[Technology]:
    """What a file's name tells."""
    for (name, category), globs in _BY_PATH.items():
        if matches(path, globs):
            yield Technology(name, category, path)


def technologies(path: str, text: str) -> Iterator[Technology]:
    """What a file declares: what it requires, runs on, or puts into operation.

    Only libraries that shape an architecture are among them. Raises UnreadableError.
    """
    if matches(path, MANIFESTS):
        yield from _libraries(path, text)
    if matches(path, FLOORS):
        for version in python_floors(path, text).values():
            yield _of("Python", LANGUAGE, path, version)
    if matches(path, TOOLCHAINS):
        for key, tool in toolchain(path, text).items():
            yield _tool(key, path, tool.version)
    if matches(path, ("go.mod", "Cargo.toml")):
        yield from _compiled(path, checked(text))
    if matches(path, DEPLOYABLES):
        yield from _operated(path, text)


def _libraries(path: str, text: str) -> Iterator[Technology]:
    for each in requirements(path, text).values():
        category = category_of(each.ecosystem, each.normal)
        if category:
            yield _of(each.normal, category, path, each.specifier)


def _tool(key: str, path: str, version: str) -> Technology:
    name = _TOOLS.get(key, key.removeprefix("engines."))
    name = _LANGUAGES.get(name.lower(), name)
    is_language = name in _LANGUAGES.values()
    return _of(name, LANGUAGE if is_language else _RUNTIME, path, version)


def _compiled(path: str, text: str) -> Iterator[Technology]:
    is_go = path.endswith("go.mod")
    found = (_GO if is_go else _RUST).search(text)
    yield _of("Go" if is_go else "Rust", LANGUAGE, path, found[1] if found else "")


def _operated(path: str, text: str) -> Iterator[Technology]:
    for each in deployables(path, text).values():
        if each.kind.startswith("Kubernetes"):
            yield _of("Kubernetes", "deployment", path, "")
        elif each.kind.startswith("systemd"):
            yield _of("systemd", "deployment", path, "")
        yield from _images(each, path)


def _images(each: Deployable, path: str) -> Iterator[Technology]:
    for name, value in each.properties.items():
        if not name.startswith(("image", "base image")) or "$" in value.text:
            continue
        address, _, _ = value.text.partition("@")
        image, colon, tag = address.rpartition(":")
        if not colon or "/" in tag:
            image, tag = address, ""
        last = image.rpartition("/")[2].lower()
        if name == "base image":
            yield _of(image, "base image", path, tag)
        elif last in _CATEGORY:
            yield _of(last, _CATEGORY[last], path, tag)


def _of(name: str, category: str, path: str, version: str) -> Technology:
    return Technology(name, category, path, version[:_VERSION_LIMIT])

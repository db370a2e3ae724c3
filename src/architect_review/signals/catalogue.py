"""Packages that shape an architecture, by what they bring in.

Chosen by hand from the packages' own descriptions on PyPI and npm. A name is a glob
over the normalised name, so that families (`google-cloud-*`) need one entry.
"""

import re
from collections.abc import Mapping
from fnmatch import translate
from functools import cache, lru_cache

_PYPI: Mapping[str, str] = {
    "database driver": """
        psycopg psycopg2 psycopg2-binary psycopg-* asyncpg pg8000 aiopg mysqlclient
        pymysql aiomysql asyncmy mysql-connector-python mariadb aiosqlite duckdb
        cx-oracle oracledb pyodbc aioodbc pymssql pymongo motor cassandra-driver
        scylla-driver neo4j influxdb influxdb-client influxdb3-python
        clickhouse-driver clickhouse-connect elasticsearch elasticsearch-dsl
        opensearch-py couchbase couchdb pyhive trino snowflake-connector-python
        databricks-sql-connector snowflake-sqlalchemy pinecone pinecone-client
        qdrant-client chromadb weaviate-client pymilvus lancedb pgvector supabase
        rethinkdb python-arango surrealdb libsql* pysolr
    """,
    "ORM or migration tool": """
        sqlalchemy sqlmodel django-mongodb-backend tortoise-orm peewee pony ormar
        piccolo gino mongoengine beanie odmantic alembic aerich yoyo-migrations
        flask-sqlalchemy flask-migrate databases prisma edgedb gel redis-om pynamodb
    """,
    "job queue or broker": """
        celery kombu amqp pika aio-pika aioamqp rq dramatiq huey arq taskiq taskiq-*
        procrastinate saq faust faust-streaming kafka-python kafka-python-ng
        confluent-kafka aiokafka nats-py pulsar-client paho-mqtt aiomqtt gmqtt
        stomp-py pyzmq zmq faststream django-q django-q2 django-rq flask-celery*
        bullmq django-tasks streaq oban
    """,
    "cache": """
        redis hiredis aioredis valkey valkey-glide redis-py-cluster pymemcache
        python-memcached pylibmc aiomcache aiocache django-redis django-valkey
        flask-caching cashews dogpile-cache diskcache fastapi-cache2
    """,
    "web framework or server": """
        django flask fastapi starlette litestar starlite sanic tornado aiohttp bottle
        falcon pyramid quart blacksheep robyn emmett cherrypy web2py django-ninja
        djangorestframework django-rest-framework connexion flask-restful flask-restx
        channels daphne uvicorn gunicorn hypercorn granian waitress uwsgi streamlit
        dash gradio reflex nicegui bentoml ray-serve litserve
    """,
    "RPC or API protocol": """
        grpcio grpcio-* grpclib betterproto connectrpc connect-python thrift thriftpy2
        zeep spyne graphene graphene-* strawberry-graphql* ariadne gql rpyc zerorpc
        nameko python-socketio websockets mcp fastmcp
    """,
    "authentication or authorisation": """
        pyjwt python-jose authlib oauthlib requests-oauthlib social-auth-*
        python-keycloak django-allauth django-oauth-toolkit
        djangorestframework-simplejwt flask-login flask-jwt-extended flask-security*
        fastapi-users* auth0-python okta okta-* msal msal-* python3-saml pysaml2 ldap3
        python-ldap django-auth-ldap casbin oso django-guardian passlib argon2-cffi
        bcrypt webauthn fido2 joserfc openfga-sdk firebase-admin workos stytch
        clerk-backend-api hvac
    """,
    "cloud SDK": """
        boto3 aioboto3 aiobotocore botocore google-cloud-* google-api-python-client
        azure-* oci aliyun-* tencentcloud-sdk-* ibm-cos-sdk ibm-cloud-sdk-core
        python-digitalocean pydo openstacksdk minio s3fs gcsfs adlfs kubernetes
        kubernetes-asyncio docker cloudflare pulumi pulumi-* aws-cdk-lib
    """,
    "model SDK": """
        anthropic openai google-genai google-generativeai vertexai cohere mistralai
        groq ollama together replicate huggingface-hub transformers vllm
        llama-cpp-python llama-index llama-index-* langchain langchain-* langgraph
        litellm instructor pydantic-ai pydantic-ai-slim haystack-ai dspy dspy-ai
        semantic-kernel crewai autogen* openai-agents claude-agent-sdk smolagents
        sentence-transformers
    """,
    "scheduler or workflow engine": """
        apscheduler schedule rocketry celery-beat django-celery-beat django-crontab
        redbeat celery-redbeat rq-scheduler apache-airflow apache-airflow-* prefect
        prefect-* dagster dagster-* luigi temporalio cadence-client kedro metaflow
        flytekit dbos zeebe* pyzeebe hatchet-sdk inngest conductor-python
        spiffworkflow
    """,
}

_NPM: Mapping[str, str] = {
    "database driver": """
        pg pg-promise postgres mysql mysql2 mariadb sqlite3 better-sqlite3 mongodb
        mssql tedious oracledb cassandra-driver neo4j-driver @clickhouse/client
        @libsql/client @elastic/elasticsearch @opensearch-project/opensearch
        @pinecone-database/pinecone @qdrant/* @supabase/supabase-js couchbase
        @neondatabase/serverless duckdb @influxdata/* weaviate-client chromadb
        @planetscale/database
    """,
    "ORM or migration tool": """
        prisma @prisma/client typeorm sequelize mongoose drizzle-orm knex objection
        kysely @mikro-orm/* bookshelf waterline umzug node-pg-migrate db-migrate
    """,
    "job queue or broker": """
        bull bullmq bee-queue agenda amqplib amqp-connection-manager kafkajs
        node-rdkafka @confluentinc/kafka-javascript nats mqtt rhea stompit zeromq
        pg-boss graphile-worker pulsar-client sqs-consumer
    """,
    "cache": """
        redis ioredis @redis/* @valkey/* memcached memjs node-cache cache-manager
    """,
    "web framework or server": """
        express koa fastify hapi @hapi/hapi @nestjs/core @nestjs/platform-* next nuxt
        remix @remix-run/* hono restify @adonisjs/core sails @feathersjs/* polka
        @sveltejs/kit astro elysia @loopback/core
    """,
    "RPC or API protocol": """
        @grpc/grpc-js grpc @connectrpc/* @trpc/server @trpc/client graphql
        apollo-server* @apollo/server @apollo/client graphql-yoga mercurius
        type-graphql urql thrift soap socket.io socket.io-client ws
        @modelcontextprotocol/sdk
    """,
    "authentication or authorisation": """
        passport passport-* jsonwebtoken jose next-auth @auth/* better-auth lucia
        @clerk/* @auth0/* auth0 express-openid-connect openid-client oidc-provider
        express-session keycloak-connect @okta/* @azure/msal-* bcrypt bcryptjs argon2
        casbin @casl/ability @simplewebauthn/* firebase-admin @workos-inc/*
    """,
    "cloud SDK": """
        aws-sdk @aws-sdk/* @google-cloud/* googleapis @azure/* oci-* firebase
        @kubernetes/client-node minio dockerode cloudflare aws-cdk-lib @pulumi/*
    """,
    "model SDK": """
        openai @anthropic-ai/* @google/genai @google/generative-ai cohere-ai
        @mistralai/mistralai groq-sdk ollama replicate ai @ai-sdk/* langchain
        @langchain/* llamaindex @huggingface/* @openai/*
    """,
    "scheduler or workflow engine": """
        node-cron cron node-schedule bree toad-scheduler @temporalio/* inngest
        @trigger.dev/* zeebe-node @dbos-inc/*
    """,
}


_ECOSYSTEMS = {"pypi": _PYPI, "npm": _NPM}


@cache
def _compiled(ecosystem: str) -> Mapping[str, re.Pattern[str]]:
    return {
        category: re.compile("|".join(translate(name) for name in names.split()))
        for category, names in _ECOSYSTEMS[ecosystem].items()
    }


@lru_cache(maxsize=4096)
def category_of(ecosystem: str, name: str) -> str | None:
    """The architectural category of a normalised package name (`pypi` or `npm`)."""
    return next(
        (
            category
            for category, names in _compiled(ecosystem).items()
            if names.match(name)
        ),
        None,
    )

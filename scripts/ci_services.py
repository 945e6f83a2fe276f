"""Checks that PostgreSQL and Redis answer; makes the database where it is missing, empties the Redis one."""

import sys

import psycopg
import redis
from psycopg import conninfo, sql


def make_database(url: str) -> None:
    name = conninfo.conninfo_to_dict(url)["dbname"]
    with psycopg.connect(url, dbname="postgres", autocommit=True, connect_timeout=5) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def main(postgres_url: str, redis_url: str) -> None:
    try:
        make_database(postgres_url)
    except psycopg.Error as error:
        sys.exit(f"PostgreSQL does not answer, CI needs it: {error}")
    try:
        redis.Redis.from_url(redis_url, socket_connect_timeout=5).flushdb()
    except redis.RedisError as error:
        sys.exit(f"Redis does not answer, CI needs it: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])

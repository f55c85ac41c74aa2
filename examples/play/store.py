"""store - what the published views of PostgreSQL say."""

import os

import psycopg2


def query(sql, *values):
    connection = psycopg2.connect(os.environ["KERJA_POSTGRES"])
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return cursor.fetchall()
    finally:
        connection.close()

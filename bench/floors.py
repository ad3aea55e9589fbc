"""The floor: the tightest SQL that could give an answer, sent by the driver itself, nothing around it."""

import sqlite3
from collections.abc import Sequence
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

CHILDREN = "SELECT id, name FROM unions WHERE superior_id = ? ORDER BY is_above_base DESC, id LIMIT 200"
SUBORDINATES = """
    SELECT u.id, u.name, u.category, u.status, f.unions_sub, f.members_sub, f.verified_sub
    FROM unions u JOIN union_figures f ON f.union_id = u.id
    WHERE u.superior_id = ? ORDER BY f.members_sub DESC LIMIT 20
"""
# A search cannot cost less than reading the unions it answers with by their keys, once they are known.
KNOWN = """
    SELECT u.id, u.name, u.superior_id, u.category, u.status, f.unions_sub, f.members_sub, f.verified_sub
    FROM unions u JOIN union_figures f ON f.union_id = u.id WHERE u.id IN ({})
"""


class Floor:
    """A bare connection of psycopg or sqlite3."""

    def __init__(self, url: str) -> None:
        parts = make_url(url)
        self.is_sqlite = parts.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.connection: Any = sqlite3.connect(str(parts.database))
        else:
            plain = parts.set(drivername="postgresql").render_as_string(hide_password=False)
            self.connection = psycopg.connect(plain, autocommit=True)

    def rows(self, statement: str, parameters: Sequence[Any]) -> list[Any]:
        """All rows of a statement with `?` for each parameter."""
        sent = statement if self.is_sqlite else statement.replace("?", "%s")
        return self.connection.execute(sent, tuple(parameters)).fetchall()

    def known(self, ids: Sequence[int]) -> list[Any]:
        """Unions by their ids; the same question for none."""
        return self.rows(KNOWN.format(", ".join("?" * max(1, len(ids)))), ids or [0])

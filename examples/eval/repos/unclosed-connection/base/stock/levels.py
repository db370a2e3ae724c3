"""How much of each article is in stock."""

import sqlite3
from contextlib import closing


def level(database: str, article: str) -> int:
    """Pieces of an article in stock; 0 for an unknown one."""
    with closing(sqlite3.connect(database)) as connection:
        row = connection.execute(
            "SELECT pieces FROM stock WHERE article = ?", (article,)
        ).fetchone()
    return row[0] if row else 0

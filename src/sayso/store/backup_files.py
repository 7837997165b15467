"""Files that customers sent, in a backup: as rows of its own, one at a time, beside those of the store.

A file that was deleted while the backup was made is left out; its row says that there is one, and the desk that it is
gone. What is restored lies where the host looks for it before its rows do: a file without a row is swept at the start.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sayso.store.attachments import FOLDER, path_in, write

TABLE = """CREATE TABLE backup_files (merchant TEXT NOT NULL, name TEXT NOT NULL, content BLOB NOT NULL,
 PRIMARY KEY (merchant, name))"""
NAMED = "SELECT DISTINCT merchant, file FROM attachments WHERE file <> '' ORDER BY merchant, file"
THERE = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'backup_files'"


def files_in(fresh: Path, folder: Path) -> None:
    """Puts the files that the backup's rows name into it."""
    with closing(sqlite3.connect(fresh)) as connection, connection:
        connection.execute(TABLE)
        for merchant, name in connection.execute(NAMED).fetchall():
            path = path_in(folder / FOLDER, merchant, name)
            if path.is_file():
                row = (merchant, name, path.read_bytes())
                connection.execute("INSERT INTO backup_files VALUES (?, ?, ?)", row)


def files_out(fresh: Path, folder: Path) -> None:
    """Takes them out of the copy, which is as small as its rows then; an older backup has none."""
    with closing(sqlite3.connect(fresh)) as connection:
        if not connection.execute(THERE).fetchone()[0]:
            return
        for merchant, name, content in connection.execute("SELECT merchant, name, content FROM backup_files"):
            write(path_in(folder / FOLDER, merchant, name), content)
        with connection:
            connection.execute("DROP TABLE backup_files")
        connection.execute("VACUUM")

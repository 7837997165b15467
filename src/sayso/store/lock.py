"""One process per data folder: two would hand out the same lease, and damage the vector index without an error."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sayso.errors import SaysoError

NAME = "lock"


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Holds the folder for this process; made when it is not there. The system frees it when the process ends, however
    it does. Raises SaysoError (503) that names the holder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / NAME).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise _held(folder, file.read().strip()) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _held(folder: Path, pid: str) -> SaysoError:
    return SaysoError(
        f"the data folder {folder} is in use by process {pid or '(unknown)'}",
        where=str(folder),
        mend="use that host's API (`sayso publish` does when SAYSO_URL is set), stop it, or give another folder",
        code="data_folder_locked",
        status=503,
    )

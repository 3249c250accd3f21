"""A PostgreSQL database through PostgreSQL's own programs: they know each server version's catalogue."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from institute.backup.errors import ProgramFailedError, ProgramMissingError

# Everything of ours, and nothing that belongs to an extension; within the transaction that fills it anew.
EMPTY: Final = """
SET lock_timeout = '10s';
DO $$
DECLARE item record;
BEGIN
  FOR item IN SELECT oid::regclass AS name FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
  LOOP EXECUTE 'DROP TABLE IF EXISTS ' || item.name || ' CASCADE'; END LOOP;
  FOR item IN SELECT oid::regprocedure AS name FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
  LOOP EXECUTE 'DROP FUNCTION IF EXISTS ' || item.name || ' CASCADE'; END LOOP;
END $$;
"""


def dump_database(url: URL, target: Path) -> None:
    """Write the database as it is at one moment. Raises ProgramMissingError or ProgramFailedError."""
    options = ("--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    _run(_program("pg_dump"), *options, url=url)


def restore_database(url: URL, dump: Path, script: Path) -> None:
    """Replace what the database holds, in one transaction; ``script`` is where the statements are written meanwhile.

    Raises ProgramMissingError or ProgramFailedError; the database is as it was then.
    """
    psql = _program("psql")
    plain = ("--no-owner", "--no-privileges", "--no-comments")
    _run(_program("pg_restore"), *plain, f"--file={script}", str(dump))
    first = script.with_suffix(".first")
    first.write_text(EMPTY, encoding="utf-8")
    careful = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
    _run(psql, *careful, f"--file={first}", f"--file={script}", url=url)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise ProgramMissingError(program=name)
    return found


def _run(program: str, *options: str, url: URL | None = None) -> None:
    """Run a program. The password is in its environment, where other users do not see it."""
    environment = dict(os.environ)
    if url is not None:
        plain = url.set(drivername="postgresql")._replace(password=None)
        options = (*options, f"--dbname={plain.render_as_string(hide_password=False)}")
        if url.password:
            environment["PGPASSWORD"] = str(url.password)
    done = subprocess.run(  # noqa: S603  (the programs are named above, the options are ours)
        [program, *options],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise ProgramFailedError(program=Path(program).name, reason=said[0] if said else done.returncode)

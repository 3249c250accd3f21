"""Entry of ``make run``: ``python -m institute.running [table]``."""

from __future__ import annotations

import sys
from pathlib import Path

from institute.running.supervisor import supervise
from institute.running.table import RefusalError, read_table


def main() -> int:
    """Run the table that the first argument names, else our own. Return the status to exit with."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("processes.toml")
    try:
        return supervise(read_table(path))
    except RefusalError as refusal:
        print(refusal, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

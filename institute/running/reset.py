"""Entry of ``make reset``: ``python -m institute.running.reset``."""

from __future__ import annotations

import os
import sys

from institute.running.folder import forget
from institute.running.table import RefusalError, find_data_dir


def main() -> int:
    """Forget the data folder. Return the status to exit with."""
    folder = find_data_dir(os.environ)
    try:
        print(f"Forgot the data in {folder}." if forget(folder) else f"There are no data in {folder}.")
    except RefusalError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Print the requirements that pyproject.toml names, with those of the extras given as arguments.

With ``--only`` first, print those of the extras alone.
"""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
extras = project["optional-dependencies"]
only, names = sys.argv[1:2] == ["--only"], [name for name in sys.argv[1:] if name != "--only"]
own = [] if only else project["dependencies"]
sys.stdout.write("\n".join([*own, *(line for name in names for line in extras[name])]))

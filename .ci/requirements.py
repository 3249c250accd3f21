"""Print the requirements that pyproject.toml names, with those of the extras given as arguments."""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
extras = project["optional-dependencies"]
sys.stdout.write(
    "\n".join([*project["dependencies"], *(line for name in sys.argv[1:] for line in extras[name])])
)

"""An institute's frameworks/ and vocabularies.toml: what its programmes and resources are aligned to."""

from __future__ import annotations

from pathlib import Path

from courses.frameworks.keeping import is_touched, put_framework, put_vocabulary
from courses.frameworks.papers import framework_from_toml, vocabularies_from_toml
from courses.loading.tables import read_table
from institute.actors import Actor


def load_frameworks(folder: Path, *, source: str, actor: Actor) -> None:
    """Put the frameworks and vocabularies of a folder in place; those that an author changed since stay as they are.

    Raises FolderError for what cannot be used, KeyTakenError where a framework and a vocabulary share a key.
    """
    for path in sorted((folder / "frameworks").glob("*.toml")):
        framework = framework_from_toml(read_table(path, folder=folder, source=source))
        if not is_touched(framework.key, actor=actor):
            put_framework(framework, actor=actor)
    path = folder / "vocabularies.toml"
    if path.is_file():
        for vocabulary in vocabularies_from_toml(read_table(path, folder=folder, source=source)):
            if not is_touched(vocabulary.key, actor=actor):
                put_vocabulary(vocabulary, actor=actor)

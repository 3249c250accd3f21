"""The group ``flask --app wsgi certificates …``."""

from __future__ import annotations

from flask import Flask

from certificates.agreement.commands import agreement
from certificates.awards.proof.commands import verify_file
from certificates.documents.commands import preview
from certificates.scoring.proof.commands import draws, proof
from institute.cli import ToolGroup

certificates_group = ToolGroup(
    "certificates",
    help="Look into scores and certificates.",
    anywhere=frozenset({agreement.name, preview.name, verify_file.name}),
)
certificates_group.add_command(agreement)
certificates_group.add_command(verify_file)
certificates_group.add_command(preview)
certificates_group.add_command(draws)
certificates_group.add_command(proof)


def init_app(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(certificates_group)

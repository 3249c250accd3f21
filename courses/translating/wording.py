"""What translators' pages say in whole sentences."""

from __future__ import annotations

from institute.i18n import gettext, ngettext


def say_stored(kept: int) -> str:
    """Say how many translations were kept."""
    if not kept:
        return gettext("Nothing had changed.")
    return ngettext(
        "%(num)s translation is kept. People read it once the programme is published.",
        "%(num)s translations are kept. People read them once the programme is published.",
        kept,
    )

"""The guides of the sample's module as documents, beside WeasyPrint as its manual shows it, in the same run.

Targets: at most 0.8 of plain WeasyPrint with tags; at most 150 kB in Latin letters and 350 kB in Chinese. CPU of
one thread. The plain document has the same words in the same style; ``tagged`` asks it for PDF/UA-1.
"""

from __future__ import annotations

import importlib
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from courses.catalogue.models import Module
from courses.catalogue.renderings import Guide, Rendering, compose
from courses.guides.page.filling import SIZES, Frame, fill, style
from courses.guides.reading import ModuleHere, load_module
from institute.db import db
from institute.i18n import direction, speaking
from institute.people.models import Institute
from institute.printing.papers import Paper
from tests.bench.measuring import cpu_ms, make_app, spread

ROUNDS = 8
MOST_SHARE = 0.8
MOST_KB = {"en": 150, "zh_Hant": 350, "ar": 150}


def main() -> None:
    """Measure each rendering in three languages and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Path(folder))
        with app.app_context():
            institute_id = db.session.scalars(select(Institute.id)).first()
            module_id = db.session.scalars(select(Module.id).order_by(Module.id)).first()
            assert institute_id is not None
            assert module_id is not None
            here = load_module(institute_id, module_id)
            first, making = cpu_ms(importlib.import_module, "courses.guides.making")
            print(f"imports of the first document in a process: {first:.0f} ms")
            for locale in MOST_KB:
                for rendering in Rendering:
                    measure(here, rendering, locale, making)


def measure(here: ModuleHere, rendering: Rendering, locale: str, making: Any) -> None:
    """Measure one rendering in one language."""
    weasyprint = sys.modules["weasyprint"]
    with speaking(locale):
        guide = compose(here.programme, here.content, here.instruments, rendering)
        frame = Frame("Valley Coaching Institute", here.version, here.day, here.surroundings)
        making.make_guide(guide, frame, Paper.A4)  # faces are opened once in a process
        plain_page = with_style(guide, frame, locale)

        def plain(**options: str) -> bytes:
            return bytes(weasyprint.HTML(string=plain_page).write_pdf(**options))

        works: dict[str, Callable[[], bytes]] = {
            "ours": lambda: bytes(making.make_guide(guide, frame, Paper.A4)),
            "plain": plain,
            "tagged": lambda: plain(pdf_variant="pdf/ua-1"),
        }
        times: dict[str, list[float]] = {name: [] for name in works}
        sizes: dict[str, int] = {}
        for _ in range(ROUNDS):  # interleaved, so that a busy machine is busy for all
            for name, work in works.items():
                spent, content = cpu_ms(work)
                times[name].append(spent)
                sizes[name] = len(content)
    print(f"{rendering} guide, {locale}: {sizes['ours'] / 1000:.0f} kB (target {MOST_KB[locale]} kB)")
    for name, figures in times.items():
        print(f"  {name:7} {spread(figures)}   {sizes[name] / 1000:.0f} kB")
    ours, other = statistics.median(times["ours"]), statistics.median(times["tagged"])
    print(f"  ours / tagged: {ours / other:.2f} (target {MOST_SHARE})")


def with_style(guide: Guide, frame: Frame, locale: str) -> str:
    """Return the page as the manual makes one: with its style in it, everything anew each time."""
    css = style(Paper.A4, direction(locale))
    return fill(guide, frame, SIZES[0]).replace("</head>", f"<style>{css}</style></head>")


if __name__ == "__main__":
    main()

"""Both templates, lying and standing, on both papers: dignity is that nothing overlaps, whatever stands on them."""

from __future__ import annotations

import io
import itertools
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from certificates.documents.certificate import CertificateFacts, PageLook, Paper, Picture, Signatory
from certificates.documents.layout import PageError, lay_out
from certificates.documents.looks.look import Orientation, Template
from certificates.documents.typesetting import typeset
from institute.i18n import Localised
from tests.certificates.documents.conftest import MakeFacts
from tests.certificates.documents.test_page import SIXTY, assert_composed

# The five languages of the interface, and eight more whose scripts names are written in.
NAMES = {
    "en": SIXTY,
    "es": SIXTY,
    "zh_Hant": "陳美玲",
    "vi": "Nguyễn Thị Minh Khai Tôn Nữ Hoàng Yến Phương Thảo Quỳnh Anh",
    "ar": "عبد الرحمن بن محمد بن عبد العزيز آل سعود الهاشمي القرشي",
    "fa": "سیده فاطمه حسینی رضوی قمی تهرانی",
    "hy": "Արամ Հովհաննիսյան Տեր-Պետրոսյան",
    "km": "ស៊ុន វិសាល",
    "ko": "김하늘빛나라",
    "hi": "श्रीमती अनुराधा चट्टोपाध्याय",
    "pa": "ਗੁਰਪ੍ਰੀਤ ਕੌਰ ਸਿੱਧੂ",
    "ru": "Александра Константиновна Преображенская-Вознесенская",
    "am": "ሠናይት ገብረ ክርስቶስ",
}
STATEMENT = Localised.of(
    {
        "en": "Recognised by the State Department of Early Learning under agreement 2024-118.",
        "ar": "معترف بها.",
    }
)


def picture(width: int, height: int) -> Picture:
    """Make a picture of one colour."""
    written = io.BytesIO()
    Image.new("RGB", (width, height), "#0b6e4f").save(written, "PNG")
    return Picture(written.getvalue(), "image/png", width / height)


LOGOS = (picture(400, 100), None, picture(100, 400))
SIGNATORIES = (
    Signatory("Dr. Ruth Ellison", Localised.of({"en": "Director of Certification"}), picture(300, 90)),
    Signatory("Kwame Boateng", Localised.of({"en": "Lead Assessor"})),
    Signatory(
        "Prof. Nguyễn Thị Minh Khai", Localised.of({"en": "Chair of the Board for Professional Learning"})
    ),
)
PLANS = list(itertools.product(Template, Orientation))


@pytest.mark.parametrize(("template", "orientation"), PLANS)
def test_a_long_name_three_signatories_and_a_logo_stand_composed_in_every_language(
    make_facts: MakeFacts, template: Template, orientation: Orientation
) -> None:
    papers, logos, counts = itertools.cycle(Paper), itertools.cycle(LOGOS), itertools.cycle((3, 2, 3, 1))
    for locale, name in NAMES.items():
        logo = next(logos)
        look = PageLook(template=template, orientation=orientation, logo=logo, statement=STATEMENT)
        second = None if logo is None else "en" if locale != "en" else "zh_Hant"
        facts = make_facts(
            name=name,
            locale=locale,
            second_locale=second,
            second_name="Farah Aziz" if second and name is not SIXTY else None,
            paper=next(papers),
            signatories=SIGNATORIES[: next(counts)],
            look=look,
        )
        assert_composed(facts)


@pytest.mark.parametrize(("template", "orientation"), PLANS)
@pytest.mark.parametrize("paper", list(Paper))
def test_the_heaviest_page_fits_both_papers(
    make_facts: MakeFacts, template: Template, orientation: Orientation, paper: Paper
) -> None:
    """Sixty letters on two lines, two languages, three signatories, a wide logo and a sentence of the institute's."""
    look = PageLook(template=template, orientation=orientation, logo=LOGOS[0], statement=STATEMENT)
    facts = make_facts(
        name=SIXTY, second_locale="es", second_name=None, signatories=SIGNATORIES, look=look, paper=paper
    )
    assert_composed(facts)


@pytest.mark.parametrize(
    "given",
    [
        {"look": PageLook(statement=Localised.of({"en": "A sentence that goes on and on. " * 120}))},
        {"signatories": (Signatory("Ann " * 40, Localised.of({"en": "Director"})),)},
        {"signatories": (Signatory("Ann", Localised.of({"en": "Director of everything " * 20})),)},
    ],
    ids=["statement", "signatory", "role"],
)
def test_what_does_not_fit_is_refused_rather_than_laid_over_something(
    make_facts: MakeFacts, given: dict[str, Any]
) -> None:
    for template in Template:
        look = given.get("look", PageLook())
        with pytest.raises(PageError):
            lay_out(make_facts(**given | {"look": PageLook(template=template, statement=look.statement)}))


def test_pictures_are_decoration_and_the_same_look_gives_the_same_bytes(make_facts: MakeFacts) -> None:
    facts = make_facts(look=PageLook(template=Template.MODERN, logo=LOGOS[0]), signatories=SIGNATORIES)
    made = typeset(facts, credential=b"{}", credential_name="a.json")
    assert made == typeset(facts, credential=b"{}", credential_name="a.json")
    assert b"/Figure" not in made
    assert len(made) < 120_000


@pytest.mark.parametrize(("template", "orientation"), PLANS[-1:])
def test_an_accessibility_checker_finds_no_error_in_any_template(
    make_facts: MakeFacts,
    make_document: Callable[[CertificateFacts], bytes],
    tmp_path: Path,
    template: Template,
    orientation: Orientation,
) -> None:
    look = PageLook(template=template, orientation=orientation, logo=LOGOS[0], statement=STATEMENT)
    path = tmp_path / "certificate.pdf"
    path.write_bytes(make_document(make_facts(look=look, signatories=SIGNATORIES)))
    program = Path(sys.executable).with_name("outloud")
    checked = subprocess.run([program, "--quiet", path], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout

"""1,000 certificates in one go: how many a second of CPU, unsigned and signed with their badges, and how memory grows.

Target: 10,000 signed certificates on two cores in at most 8 minutes (stretch: 5) with flat memory; they are estimated
from 1,000. Beside them a plain page of the same words by reportlab and by fpdf2, where they are installed: neither
tags, archives nor signs, and neither draws the artwork.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from certificates.documents.certificate import CertificateFacts
from institute.keys.models import KeyPurpose
from tests.bench.certificate import ISSUER, facts_of, make_key, resident
from tests.bench.measuring import cpu_ms

MANY = 1000
FEW = 200
TEN_THOUSAND_ON_TWO = 10_000 / 2
MOST_MINUTES = 8
A4_LYING = (841.89, 595.28)


def person(number: int) -> CertificateFacts:
    """Return the facts of one of many: another name and serial each."""
    return replace(
        facts_of("latin"), name=f"Lucía Fernández Ortega {number}", serial=f"VCI-2026-{number:05}-7"
    )


def measure(many: int) -> None:
    """Make them all, and print what it took."""
    making: Any = importlib.import_module("certificates.documents.making")
    typesetting = sys.modules["certificates.documents.typesetting"]
    document_key, badge_key = make_key(KeyPurpose.DOCUMENT), make_key(KeyPurpose.BADGE)

    def unsigned(number: int) -> bytes:
        return bytes(
            typesetting.typeset(person(number), credential=b"{}" * 1200, credential_name="open-badge.json")
        )

    def signed(number: int) -> bytes:
        facts = person(number)
        badge = making.make_credential(
            facts, badge_key=badge_key, issuer_url=ISSUER, status_url=f"{ISSUER}/status", status_index=number
        )
        return bytes(making.make_certificate(facts, document_key=document_key, credential=badge))

    signed(0)
    tell("typeset, not signed", unsigned, FEW)
    before = resident()
    each = tell("signed, with its badge", signed, many)
    sys.stdout.write(f"  memory: {before:.0f} MB before, {resident():.0f} MB after {many}\n")
    minutes = TEN_THOUSAND_ON_TWO * each / 60_000
    sys.stdout.write(
        f"  10,000 on two cores: about {minutes:.1f} min   target: {MOST_MINUTES} min,"
        f" ratio {minutes / MOST_MINUTES:.2f}\n"
    )
    for name, write in (("reportlab", with_reportlab), ("fpdf", with_fpdf)):
        if importlib.util.find_spec(name) is None:
            sys.stdout.write(f"  {name} is not installed\n")
            continue
        write(0)
        other = tell(f"plain page by {name}", write, FEW)
        sys.stdout.write(f"  signed / {name}: {each / other:.1f}\n")


def tell(what: str, make: Callable[[int], bytes], many: int) -> float:
    """Make some and print how many a second of CPU; return the milliseconds of one."""
    took = sum(cpu_ms(make, number)[0] for number in range(many))
    sys.stdout.write(f"  {what:24} {1000 * many / took:7.1f} a second of CPU, {took / many:6.1f} ms each\n")
    return took / many


def lines_of(facts: CertificateFacts) -> list[str]:
    """Return the words of a page, a line each."""
    signers = [one.name for one in facts.signatories]
    return [facts.institute.in_("en"), facts.name, facts.title.in_("en"), facts.serial, *signers]


def with_reportlab(number: int) -> bytes:
    """Return the words of a page as reportlab sets them."""
    canvas: Any = importlib.import_module("reportlab.pdfgen.canvas").Canvas("-", pagesize=A4_LYING)
    for at, line in enumerate(lines_of(person(number))):
        canvas.setFont("Times-Roman", 24)
        canvas.drawCentredString(A4_LYING[0] / 2, 480 - 60 * at, line)
    return bytes(canvas.getpdfdata())


def with_fpdf(number: int) -> bytes:
    """Return the words of a page as fpdf2 sets them."""
    pdf: Any = importlib.import_module("fpdf").FPDF(orientation="L", unit="pt", format="A4")
    pdf.add_page()
    pdf.set_font("Times", size=24)
    for line in lines_of(person(number)):
        pdf.cell(0, 60, line, align="C", new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else MANY)

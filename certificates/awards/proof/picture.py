"""The picture of an achievement: the level's number in its ring, as on the certificate, drawn as SVG."""

from __future__ import annotations

from typing import Final

from certificates.documents.looks.look import PRIMARY

REST: Final = ' stroke-opacity="0.25"'
BAKED: Final = "https://purl.imsglobal.org/ob/v3p0"


def draw_badge(position: int, count: int, *, primary: str = PRIMARY) -> bytes:
    """Return a square picture of a level: a ring of as many arcs as there are levels, those not reached in a tint."""
    total = max(count, position, 1)
    arc = 360 / total
    arcs = "".join(
        f'<circle cx="128" cy="128" r="104" pathLength="360" stroke-dasharray="{arc - 10:.2f} 360" '
        f'stroke-dashoffset="{-(number * arc + 5):.2f}"{"" if number < position else REST}/>'
        for number in range(total)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256" width="256" height="256" role="img">'
        f"<title>{position}</title>"
        '<circle cx="128" cy="128" r="126" fill="#fff"/>'
        f'<g fill="none" stroke="{primary}" stroke-width="14" stroke-linecap="round" '
        f'transform="rotate(-90 128 128)">{arcs}</g>'
        f'<text x="128" y="128" dy="0.35em" text-anchor="middle" font-family="serif" font-weight="700" '
        f'font-size="112" fill="{primary}">{position}</text></svg>'
    ).encode()


def bake(picture: bytes, badge: str) -> bytes:
    """Return an SVG picture with a badge inside, as Open Badges 3.0 says: the first thing in it, as it was signed."""
    # Inside a string of JSON the two ways to write the sign say the same, and only one of them ends the section.
    inside = badge.replace("]]>", "]]\\u003e")
    start, _, rest = picture.decode().partition(">")
    return (
        f'{start} xmlns:openbadges="{BAKED}">'
        f"<openbadges:credential><![CDATA[{inside}]]></openbadges:credential>{rest}"
    ).encode()

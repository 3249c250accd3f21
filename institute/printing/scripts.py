"""The scripts names are written in, and the faces of type that draw them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from institute.i18n import language_tag


@dataclass(frozen=True, slots=True)
class Script:
    """A script as Unicode's names of letters begin, the language to assume for it, and its face."""

    name: str
    language: str
    family: str
    file: str
    languages: frozenset[str] = frozenset()

    @property
    def written_by(self) -> frozenset[str]:
        """The languages that are written in it, as bare codes."""
        return self.languages | {self.language.partition("-")[0]}


DISPLAY: Final = ("Noto Serif Display", "NotoSerifDisplay-Regular.ttf")
TEXT: Final = ("Noto Serif", "NotoSerif-Regular.ttf")
CHINESE: Final = "Noto Serif CJK TC"
CHINESE_FILE: Final = "NotoSerifCJK-Regular.ttc"
# Letters that several languages share are drawn as the text's language draws them.
CHINESE_FACES: Final = {
    "zh-Hant": CHINESE,
    "zh-Hans": "Noto Serif CJK SC",
    "zh": CHINESE,
    "ja": "Noto Serif CJK JP",
    "ko": "Noto Serif CJK KR",
}


def _serif(name: str, language: str, *languages: str) -> Script:
    word = name.capitalize()
    return Script(name, language, f"Noto Serif {word}", f"NotoSerif{word}-Regular.ttf", frozenset(languages))


SCRIPTS: Final = (
    Script(
        "ARABIC",
        "ar",
        "Noto Naskh Arabic",
        "NotoNaskhArabic-Regular.ttf",
        frozenset({"fa", "ur", "ps", "ckb", "ug"}),
    ),
    _serif("ARMENIAN", "hy"),
    _serif("GURMUKHI", "pa"),
    _serif("KHMER", "km"),
    _serif("LAO", "lo"),
    _serif("THAI", "th"),
    _serif("MYANMAR", "my"),
    _serif("HEBREW", "he", "yi"),
    _serif("DEVANAGARI", "hi", "ne", "mr"),
    _serif("BENGALI", "bn", "as"),
    _serif("GUJARATI", "gu"),
    _serif("TAMIL", "ta"),
    _serif("TELUGU", "te"),
    _serif("KANNADA", "kn"),
    _serif("MALAYALAM", "ml"),
    _serif("SINHALA", "si"),
    _serif("ETHIOPIC", "am", "ti"),
    _serif("GEORGIAN", "ka"),
    Script("SYRIAC", "syr", "Noto Sans Syriac", "NotoSansSyriac-Regular.ttf"),
    Script("NYIAKENG", "hmn", "Noto Serif Hmong Nyiakeng", "NotoSerifNyiakengPuachueHmong-Regular.ttf"),
    Script("PAHAWH", "hmn", "Noto Sans Pahawh Hmong", "NotoSansPahawhHmong-Regular.ttf"),
    Script("HANGUL", "ko", CHINESE_FACES["ko"], CHINESE_FILE),
    Script("HIRAGANA", "ja", CHINESE_FACES["ja"], CHINESE_FILE),
    Script("KATAKANA", "ja", CHINESE_FACES["ja"], CHINESE_FILE),
    Script("CJK", "zh-Hant", CHINESE, CHINESE_FILE, frozenset({"ja", "ko", "zh"})),
    Script("CYRILLIC", "ru", *TEXT, frozenset({"uk", "be", "bg", "sr", "mk", "kk", "ky", "tg", "mn"})),
    Script("GREEK", "el", *TEXT),
)
_BY_NAME: Final = {script.name: script for script in SCRIPTS}
LATIN: Final = "Latn"
RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "ur", "ps", "ckb", "ug", "he", "yi", "syr"})


def script_of(text: str) -> Script | None:
    """Return the script of the first letter that is not Latin, or None for a text in Latin letters."""
    for letter in text:
        script = _BY_NAME.get(unicodedata.name(letter, "").partition(" ")[0])
        if script is not None:
            return script
    return None


def language_of(text: str, locale: str) -> str:
    """Return the language tag of a text: the locale's, unless its script says that it is another one.

    A name in Latin letters on an Arabic page is ``ar-Latn``: its language is not known, but its direction is.
    """
    tag = language_tag(locale)
    language = tag.partition("-")[0]
    script = script_of(text)
    if script is None:
        return f"{language}-{LATIN}" if any(language in known.written_by for known in SCRIPTS) else tag
    return tag if language in script.written_by else script.language


def direction_of(tag: str) -> str:
    """Return ``ltr`` or ``rtl`` for a language tag."""
    language, _, rest = tag.partition("-")
    return "rtl" if language in RIGHT_TO_LEFT and rest != LATIN else "ltr"


def families(tag: str, *, display: bool) -> str:
    """Return the CSS value of ``font-family`` for texts in a language, every script of ours included."""
    latin = [DISPLAY[0], TEXT[0]] if display else [TEXT[0]]
    chinese = CHINESE_FACES.get(tag, CHINESE)
    others = dict.fromkeys(script.family for script in SCRIPTS if script.file not in {TEXT[1], CHINESE_FILE})
    first = [chinese, *latin] if tag in CHINESE_FACES else [*latin]
    return ", ".join(f'"{family}"' for family in dict.fromkeys([*first, *others, chinese]))

"""A package with something wrong is refused with the file, the line and a sentence."""

from __future__ import annotations

import io
import zipfile

import pytest
from flask import Flask

from courses.packages import problems
from courses.packages.problems import PackageError
from courses.packages.reading import read_zip
from tests.courses.packages.spoilt import FOLDER, MODULE, PROGRAMME, SEGMENT, SPOILT, TOML, WHOLE, packed


def refused(data: bytes) -> PackageError:
    """Return why a package is refused."""
    with pytest.raises(PackageError) as found:
        read_zip(io.BytesIO(data))
    return found.value


def test_the_package_that_is_spoilt_below_is_right(app: Flask) -> None:
    assert read_zip(io.BytesIO(packed(WHOLE))).content.modules[0].segments[0].slug == "segment-1"


@pytest.mark.parametrize("what", SPOILT)
def test_what_is_wrong_is_told_with_its_place(app: Flask, what: str) -> None:
    make, (code, file, line, piece) = SPOILT[what]
    told = [(one.code, one.file, str(one.sentence), one.line) for one in refused(make()).problems]
    found = [one for one in told if one[:2] == (code, file) and piece in one[2]]
    assert found, told
    assert line in {found[0][3], None}


def test_everything_that_is_wrong_is_told_at_once_in_the_order_of_files_and_lines(app: Flask) -> None:
    spoilt = packed(
        {
            "programme.toml": PROGRAMME + b'tags = [1]\ntitel.en = "x"\n',
            "module-1/module.toml": MODULE.replace(b"max = 60 }\nc", b"max = -1 }\nc").replace(
                b"number = 1\n", b""
            ),
            TOML: SEGMENT.replace(b'kind = "template"', b'kind = "paper"').replace(
                b'title.en = "Read it"', b""
            ),
            f"{FOLDER}/materials/sheet.en.md": b"\xff",
        }
    )
    assert [(one.code, one.file, one.line, one.key) for one in refused(spoilt).problems] == [
        (problems.MISSING, "module-1/module.toml", 1, "number"),
        (problems.VALUE, "module-1/module.toml", 2, "reading_minutes.max"),
        (problems.MISSING_FILE, f"{FOLDER}/content.en.md", None, ""),
        (problems.TEXT, f"{FOLDER}/materials/sheet.en.md", 1, ""),
        (problems.MISSING, TOML, 7, "activity[1].title"),
        (problems.VALUE, TOML, 15, "material[1].kind"),
        (problems.VALUE, "programme.toml", 6, "tags[1]"),
        (problems.UNKNOWN, "programme.toml", 7, "titel"),
    ]


def test_a_zip_of_a_folder_is_read_and_what_file_managers_add_is_not(app: Flask) -> None:
    files = {f"Mi programa/{name}": content for name, content in WHOLE.items()}
    files |= {"__MACOSX/Mi programa/._programme.toml": b"\0", "Mi programa/.DS_Store": b"\0"}
    assert read_zip(io.BytesIO(packed(files))).content == read_zip(io.BytesIO(packed(WHOLE))).content


def test_line_ends_and_marks_of_other_systems_do_not_count(app: Flask) -> None:
    files = {name: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n") for name, content in WHOLE.items()}
    assert read_zip(io.BytesIO(packed(files))).content == read_zip(io.BytesIO(packed(WHOLE))).content


def test_nothing_is_unpacked_onto_the_disk(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object, **_named: object) -> None:
        raise AssertionError("a package is read where it lies")

    monkeypatch.setattr(zipfile.ZipFile, "extract", refuse)
    monkeypatch.setattr(zipfile.ZipFile, "extractall", refuse)
    read_zip(io.BytesIO(packed(WHOLE)))

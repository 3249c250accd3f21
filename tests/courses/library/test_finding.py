"""Finding resources: by words in the reader's language or the source's, by kind, tag, competency and language."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from courses.library.drafts import CollectionDraft
from courses.library.keeping import archive_resource, put_collection
from courses.library.models import ResourceKind
from institute.actors import Actor, Role
from institute.i18n import Localised
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.courses.library.conftest import MakeResource, text_of

LIST = "/participant/library/"


@pytest.fixture
def shelf(make_resource: MakeResource) -> None:
    """Three resources, one of them written in Vietnamese."""
    make_resource(
        "cycle",
        title={"en": "The Coaching Cycle", "es": "El ciclo de acompañamiento"},
        tags=("values/inclusiveness",),
        body=Localised.of({"en": "Look, *listen*, ask.", "es": "Mirar, escuchar, preguntar."}),
    )
    make_resource(
        "reflection",
        kind=ResourceKind.RUBRIC,
        title={"vi": "Suy ngẫm của người huấn luyện"},
        body=Localised.of({"vi": "Nội dung"}, source="vi"),
    )
    make_resource(
        "guide",
        kind=ResourceKind.LINK,
        title="A guide to 100% attendance_rules",
        elements=("leadership/1a",),
        languages=("en", "ar"),
    )


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("coaching", {"The Coaching Cycle"}),
        ("COACHING cycle", {"The Coaching Cycle"}),
        ("cycle listen", {"The Coaching Cycle"}),  # in the title and in the text
        ("cycle harbour", set()),  # all words count
        ("nguoi huan luyen", {"Suy ngẫm của người huấn luyện"}),
        ("100%", {"A guide to 100% attendance_rules"}),
        ("attendance_rules", {"A guide to 100% attendance_rules"}),
        ("attendanceXrules", set()),
        ("acompanamiento", set()),  # Spanish, for a reader of English
        ("'; drop table resource; --", set()),
        ("\0%_\\", {"A guide to 100% attendance_rules"}),  # the sign itself
    ],
)
def test_words_are_found_without_case_and_marks(
    reader: Visitor, shelf: None, search: str, found: set[str]
) -> None:
    page = text_of(reader.get(LIST, query_string={"q": search}))
    titles = {"The Coaching Cycle", "Suy ngẫm của người huấn luyện", "A guide to 100% attendance_rules"}
    assert {title for title in titles if title in page} == found


def test_reader_finds_by_their_own_language_and_by_the_source(
    make_person: Callable[..., Person], sign_in: Callable[..., Visitor], shelf: None
) -> None:
    reader = sign_in(make_person(), roles=[Role.COACH], locale="es")
    for search in ("acompanamiento", "escuchar ciclo", "listen"):
        page = text_of(reader.get("/coach/library/", query_string={"q": search}))
        assert "El ciclo de acompañamiento" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": "rubric"}, {"reflection"}),
        ({"kind": "no-kind"}, {"cycle", "reflection", "guide"}),
        ({"tag": "values/inclusiveness"}, {"cycle"}),
        ({"tag": "values/nothing"}, set()),
        ({"tag": "\0"}, {"cycle", "reflection", "guide"}),
        ({"element": "leadership/1a"}, {"guide"}),
        ({"element": "values/inclusiveness"}, set()),  # a tag is no competency
        ({"language": "ar"}, {"guide"}),
        ({"language": "vi"}, {"reflection"}),
        ({"language": "es", "kind": "protocol"}, {"cycle"}),
        ({"language": "xx", "page": "9" * 400}, {"cycle", "reflection", "guide"}),
        ({"page": "-1"}, {"cycle", "reflection", "guide"}),
        ({"archived": "1"}, {"cycle", "reflection", "guide"}),  # for authors alone
    ],
)
def test_list_is_narrowed_down(reader: Visitor, shelf: None, asked: dict[str, str], found: set[str]) -> None:
    page = reader.get(LIST, query_string=asked).get_data(as_text=True)
    assert {key for key in ("cycle", "reflection", "guide") if f'/library/{key}"' in page} == found


def test_long_list_has_pages_in_the_order_of_titles(reader: Visitor, make_resource: MakeResource) -> None:
    for number in range(30, 0, -1):
        make_resource(f"paper-{number}", title=f"Paper {number:02}")
    first, second = (reader.get(f"{LIST}?page={page}").get_data(as_text=True) for page in (1, 2))
    assert first.index("Paper 01") < first.index("Paper 02") < first.index("Paper 25")
    assert "Paper 26" not in first
    assert second.index("Paper 26") < second.index("Paper 30")
    assert "Page 2 of 2" in second
    assert "Paper 01" in reader.get(f"{LIST}?page=900").get_data(as_text=True)


def test_empty_library_says_what_will_come(reader: Visitor, author: Visitor) -> None:
    assert "Resources appear here as soon as your institute adds them." in text_of(reader.get(LIST))
    assert "Add a resource" in text_of(author.get("/author/library/"))


def test_collection_is_read_in_its_order_without_what_is_archived(
    reader: Visitor, system: Actor, shelf: None
) -> None:
    draft = CollectionDraft(
        "begin", Localised.of({"en": "Begin here"}), resources=("reflection", "guide", "cycle")
    )
    put_collection(draft, actor=system)
    archive_resource("guide", actor=system)
    assert "Begin here" in text_of(reader.get(LIST))
    page = text_of(reader.get(f"{LIST}collections/begin"))
    assert page.index("Suy ngẫm") < page.index("The Coaching Cycle")
    assert "A guide" not in page
    assert "Begin here" in text_of(reader.get(f"{LIST}cycle"))
    assert reader.get(f"{LIST}collections/end").status_code == 404


def test_author_arranges_a_collection(author: Visitor, reader: Visitor, shelf: None) -> None:
    made = author.post("/author/library/collections/new", {"title-en": "Begin here"})
    address = "/author/library/collections/begin-here"
    assert made.location.endswith(f"{address}/edit")
    for key in ("cycle", "guide", "cycle"):
        assert author.post(f"{address}/items", {"resource": key}).status_code == 303
    assert author.post(f"{address}/move", {"move": "up:guide"}).status_code == 303
    page = text_of(reader.get(f"{LIST}collections/begin-here"))
    assert page.index("A guide") < page.index("The Coaching Cycle")
    assert page.count("The Coaching Cycle") == 1
    author.post(f"{address}/move", {"move": "out:guide"})
    assert "A guide" not in text_of(reader.get(f"{LIST}collections/begin-here"))
    for wrong in ("out:guide", "sideways:cycle", "", "up:\0"):
        assert author.post(f"{address}/move", {"move": wrong}).status_code == 404
    assert author.post(f"{address}/items", {"resource": "nothing"}).status_code == 404
    saved = author.post(f"{address}/edit", {"title-en": "Begin", "_revision": "9"})
    assert saved.status_code == 422
    assert author.post(f"{address}/remove").status_code == 303
    assert reader.get(f"{LIST}collections/begin-here").status_code == 404


@pytest.fixture
def stranger(
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    make_resource: MakeResource,
    sign_in: Callable[..., Visitor],
) -> Visitor:
    """A trainer of another institute, which has a resource under the same key."""
    other = make_institute(name="Harbour")
    make_resource("cycle", title="Another cycle", actor=Actor(institute_id=other.id, person_id=None))
    return sign_in(make_person(institute_id=other.id), roles=[Role.TRAINER])


def test_every_institute_has_a_library_of_its_own(stranger: Visitor, shelf: None, system: Actor) -> None:
    put_collection(
        CollectionDraft("begin", Localised.of({"en": "Begin"}), resources=("cycle",)), actor=system
    )
    page = text_of(stranger.get("/trainer/library/?q=cycle"))
    assert "Another cycle" in page
    assert "The Coaching Cycle" not in page
    assert stranger.get("/trainer/library/guide").status_code == 404
    assert stranger.get("/trainer/library/collections/begin").status_code == 404

"""What publishing a draft would change: rules, order, names, pathways and how long an award holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from certificates.awards.choices import choices_of
from certificates.levels.queries import Pathway
from certificates.levels.rules import Rule
from certificates.rulebook.documents import RENEWAL, RULES, sketch_of
from certificates.rulebook.pages import LevelHere, RuleLine, level_here, lines_of
from institute.actors import Actor
from institute.i18n import LOCALES, OWN_NAMES, Localised, gettext, ngettext


@dataclass(frozen=True, slots=True)
class Changes:
    """What publishing would change: rules as lines, everything else in sentences."""

    here: LevelHere
    added: tuple[RuleLine, ...]
    gone: tuple[RuleLine, ...]
    same: tuple[RuleLine, ...]
    others: tuple[str, ...]

    @property
    def is_none(self) -> bool:
        """Whether everything would stay as it is."""
        return not (self.added or self.gone or self.others)


def changes_of(key: str, *, actor: Actor) -> Changes:
    """Return what publishing the draft of a level would change. Raises LevelUnknownError."""
    here = level_here(key, actor=actor)
    names = choices_of(actor.institute_id).names
    now, then = sketch_of(here.level, here.published), here.sketch

    def compared(keep: Callable[[Rule, bool], bool], *, gone: bool = False) -> tuple[RuleLine, ...]:
        """Return the lines of rules that ``keep`` picks; it is told whether the other side has the rule too."""
        found: list[RuleLine] = []
        for which in (RULES, RENEWAL):
            mine, theirs = (now, then) if gone else (then, now)
            kept = [one for one in mine.list_of(which) if keep(one, one in theirs.list_of(which))]
            found += lines_of(kept, mine.pathways, names, renewal=which == RENEWAL)
        return tuple(found)

    others = [
        *_texts(gettext("Name"), now.name, then.name),
        *_texts(gettext("Summary"), now.summary, then.summary),
        *_texts(gettext("Title on the certificate"), now.title, then.title),
        *_pathways(now.pathways, then.pathways),
    ]
    if now.valid_months != then.valid_months:
        others.append(
            _instead(
                gettext("Months that a certificate holds"),
                _say_months(now.valid_months),
                _say_months(then.valid_months),
            )
        )
    if any(_moved(now.list_of(which), then.list_of(which)) for which in (RULES, RENEWAL)):
        others.append(gettext("The rules stand in another order."))
    return Changes(
        here,
        compared(lambda _rule, both: not both),
        compared(lambda _rule, both: not both, gone=True),
        compared(lambda _rule, both: both),
        tuple(others),
    )


def _texts(what: str, now: Localised | None, then: Localised | None) -> Iterable[str]:
    """Yield in which languages a text would be another."""
    for locale in LOCALES:
        before, after = (text.texts.get(locale, "") if text else "" for text in (now, then))
        if before != after:
            yield _instead(f"{what} ({OWN_NAMES[locale]})", before or "–", after or "–")


def _pathways(now: Sequence[Pathway], then: Sequence[Pathway]) -> Iterable[str]:
    before, after = {one.key for one in now}, {one.key for one in then}
    for one in then:
        if one.key not in before:
            yield gettext("A pathway more: %(name)s", name=str(one.name))
    for one in now:
        if one.key not in after:
            yield gettext("A pathway less: %(name)s", name=str(one.name))


def _moved(now: Sequence[Rule], then: Sequence[Rule]) -> bool:
    return [one for one in now if one in then] != [one for one in then if one in now]


def _instead(what: str, before: str, after: str) -> str:
    return gettext("%(what)s: %(after)s instead of %(before)s", what=what, before=before, after=after)


def _say_months(months: int | None) -> str:
    if months is None:
        return gettext("for ever")
    return ngettext("%(num)s month", "%(num)s months", months)

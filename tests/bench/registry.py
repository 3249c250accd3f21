"""The registry with 10,000 awards: each page and the exports, in CPU of this thread and statements, on either database.

Counted is a whole request, from the address to the last byte of the answer, without the network. Targets: at most five
statements of its own and 150 ms for a page, 5 s for an export of everything.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, select

from certificates.awards.holders.models import HolderChoice
from certificates.awards.models import Application, Award
from certificates.awards.states import ApplicationState, AwardStatus
from certificates.levels.models import Level, RuleSet, Track
from certificates.registry.models import RegistryPublicity, Tag, Tagging, TagKind
from courses.coaches.models import CoachProfile
from institute.actors import Role
from institute.clock import now
from institute.db import db, transaction
from institute.i18n import Localised
from institute.people.models import Institute, Person
from tests.bench.measuring import cpu_ms, make_app, queries_of
from tests.browsing import visit

AWARDS = 10_000
ROUNDS = 7
MOST_MS = 150
MOST_EXPORT_MS = 5_000
MOST_STATEMENTS = 5
GIVEN = ("Lucía", "Hồng", "Mei-Ling", "Amina", "José", "Ngọc", "Ana", "Þóra", "Zoë", "Chloé")
FAMILY = ("Ortega", "Nguyễn", "Chen", "Haddad", "Núñez", "Trần", "Smith", "Łukasz", "Müller", "Dvořák")


def fill(app: Flask) -> tuple[int, str]:
    """Give the sample institute its awards; return an administrator's id and the institute's slug."""
    with app.app_context(), transaction() as session:
        institute = session.scalars(select(Institute)).first()
        assert institute is not None
        here = {"institute_id": institute.id}
        levels = session.execute(
            select(Level.id, Level.track, RuleSet.id)
            .join(RuleSet, RuleSet.level_id == Level.id)
            .where(Level.institute_id == institute.id)
        ).all()
        people = [
            {**here, "name": f"{GIVEN[n % 10]} {FAMILY[n // 10 % 10]} {n}", "key": f"bench-{n}"}
            for n in range(AWARDS)
        ]
        session.execute(insert(Person), people)
        ids = list(session.scalars(select(Person.id).where(Person.key.like("bench-%")).order_by(Person.id)))
        issuer = Person(**here, name="Ruth Mensah", key="issuer-of-bench")
        session.add(issuer)
        session.flush()
        each = [levels[n % len(levels)] for n in range(AWARDS)]
        applied = {**here, "state": ApplicationState.AWARDED, "locale": "en"}
        session.execute(
            insert(Application),
            [
                {**applied, "person_id": who, "level_id": level, "rule_set_id": rules, "name": one["name"]}
                for one, who, (level, _, rules) in zip(people, ids, each, strict=True)
            ],
        )
        found = select(Application.id).where(
            Application.person_id.in_(select(Person.id).where(Person.key.like("bench-%")))
        )
        applications = list(session.scalars(found.order_by(Application.person_id)))
        name = Localised.of({"en": "Level", "es": "Nivel"})
        session.execute(
            insert(Award),
            [
                {
                    **here,
                    "application_id": applications[n],
                    "person_id": ids[n],
                    "level_id": level,
                    "rule_set_id": rules,
                    "code": f"{n:026}",
                    "serial": f"BENCH-2020-{n:05}-0",
                    "year": 2020,
                    "number": n + 1,
                    "name_frozen": people[n]["name"],
                    "locale": "en" if n % 3 else "es",
                    "institute_name": institute.name,
                    "level_name": name,
                    "title": name,
                    "level_position": 1,
                    "signatory": "Ruth Mensah",
                    "minutes": 600,
                    "issued_at": now(),
                    "issued_by": issuer.id,
                    "snapshot": {},
                    "snapshot_sha256": "0" * 64,
                    "status": AwardStatus.EXPIRED if n % 10 == 0 else AwardStatus.VALID,
                    "status_index": n,
                }
                for n, (level, _, rules) in enumerate(each)
            ],
        )
        awards = list(session.scalars(select(Award.id).where(Award.year == 2020).order_by(Award.number)))
        tag = Tag(**here, kind=TagKind.OWN, name="County fund", folded="county fund")
        session.add_all([tag, RegistryPublicity(**here, public=True)])
        session.flush()
        session.execute(insert(Tagging), [{**here, "award_id": one, "tag_id": tag.id} for one in awards[::2]])
        session.execute(
            insert(HolderChoice),
            [
                {**here, "award_id": award, "person_id": who, "listed": True}
                for award, who in zip(awards[::3], ids[::3], strict=True)
            ],
        )
        coaches = [
            who for who, (_, track, _) in zip(ids, each, strict=True) if track is not Track.PARTICIPANT
        ]
        if coaches:
            profile = {**here, "languages": ["es", "en"], "specialties": []}
            session.execute(insert(CoachProfile), [{**profile, "person_id": who} for who in coaches])
        return issuer.id, institute.slug


def measure(app: Flask) -> bool:
    """Print what each page takes; tell whether all are within the targets."""
    issuer_id, slug = fill(app)
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("ANALYZE")
        person = db.session.get_one(Person, issuer_id)
        tag = db.session.scalars(select(Tag.id).where(Tag.kind == TagKind.OWN)).one()
        visitor = visit(app, person, roles=[Role.ADMINISTRATOR])
        db.session.remove()
    index = "/administrator/registry/"
    bare = queries_of(app, visitor, f"{index}tags") - 1
    good = True
    for address in (
        "",
        "?q=nguyen",
        "?q=ho+tra+9",
        "?page=400",
        "?status=expired",
        "?track=coach",
        "?language=es",
        f"?tag={tag}",
    ):
        took = [cpu_ms(visitor.get, index + address)[0] for _ in range(ROUNDS)]
        statements = queries_of(app, visitor, index + address) - bare
        good &= statistics.median(took) <= MOST_MS and statements <= MOST_STATEMENTS
        print(f"registry{address:22} {statistics.median(took):7.1f} ms  {statements} statements")
    anybody = app.test_client()
    for address in ("", "?q=nguyen", "?language=es"):
        took = [cpu_ms(anybody.get, f"/registry/{slug}{address}")[0] for _ in range(ROUNDS)]
        good &= statistics.median(took) <= MOST_MS
        print(f"public  {address:22} {statistics.median(took):7.1f} ms")
    for kind in ("csv", "xlsx"):
        took_ms, answer = cpu_ms(lambda kind=kind: visitor.get(f"{index}registry.{kind}").data)
        good &= took_ms <= MOST_EXPORT_MS
        print(f"export  {kind:22} {took_ms:7.0f} ms  {len(answer) / 1e6:.2f} MB")
    wish = f"{index}tagging?put=qris&do=add"
    took_ms, _ = cpu_ms(visitor.get, wish)
    print(f"preview of tagging all         {took_ms:7.1f} ms")
    return good


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(0 if measure(make_app(Path(folder))) else 1)

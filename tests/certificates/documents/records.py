"""What tests and benches put on transcripts and forms: an invented participant with everything that there can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from certificates.documents.certificate import Signatory
from certificates.documents.papers.facts import (
    CriterionReached,
    EvidenceAccepted,
    HoursOf,
    MeetingAttended,
    ModuleDone,
    RecordFacts,
    RuleMet,
)
from certificates.levels.rules import Strand
from courses.meetings.models import MeetingKind
from courses.sessions.models import Kind, Mode
from institute.i18n import Localised


def texts(en: str, es: str, ar: str, zh: str, vi: str) -> Localised:
    """Return a text in all languages."""
    return Localised.of({"en": en, "es": es, "ar": ar, "zh_Hant": zh, "vi": vi})


INSTITUTE: Final = texts(
    "Valley Coaching Institute",
    "Instituto de Coaching del Valle",
    "معهد الوادي للتوجيه",
    "谷地教練學院",
    "Học viện Huấn luyện Thung lũng",
)
LEVEL: Final = texts("Career", "Profesional", "مهني", "專業", "Chuyên nghiệp")
TITLE: Final = texts(
    "Certified Leadership Coach, Career level",
    "Coach de liderazgo con certificación, nivel Profesional",
    "موجِّهة قيادات معتمدة، المستوى المهني",
    "認證領導力教練・專業級",
    "Huấn luyện viên lãnh đạo được chứng nhận, cấp Chuyên nghiệp",
)
PROGRAMME: Final = texts(
    "Leading early learning programmes",
    "Dirigir programas de aprendizaje temprano",
    "قيادة برامج التعلّم المبكر",
    "領導早期學習計畫",
    "Lãnh đạo chương trình học sớm",
)
COHORT: Final = texts(
    "Valley, autumn 2026",
    "Valle, otoño de 2026",
    "الوادي، خريف 2026",
    "谷地 2026 年秋",
    "Thung lũng, thu 2026",
)
PORTFOLIO: Final = texts(
    "Portfolio of a coaching cycle",
    "Portafolio de un ciclo de coaching",
    "ملف دورة توجيه",
    "教練週期作品集",
    "Hồ sơ một chu kỳ huấn luyện",
)
VIDEO: Final = texts(
    "Video of a conversation with comments",
    "Video de una conversación con comentarios",
    "فيديو محادثة مع تعليقات",
    "附評論的對話影片",
    "Video cuộc trò chuyện có bình luận",
)
ASKS: Final = texts(
    "Asks questions that open up thinking",
    "Hace preguntas que abren el pensamiento",
    "يطرح أسئلة تفتح التفكير",
    "提出啟發思考的問題",
    "Đặt câu hỏi khơi gợi suy nghĩ",
)
LISTENS: Final = texts(
    "Listens and gives back what was heard",
    "Escucha y devuelve lo que oyó",
    "يصغي ويعيد ما سمعه",
    "傾聽並回應所聽見的內容",
    "Lắng nghe và phản hồi điều đã nghe",
)
RELATION: Final = texts(
    "Coaching relationship", "Relación de coaching", "علاقة التوجيه", "教練關係", "Quan hệ huấn luyện"
)
APPLYING: Final = texts("Applying", "Aplica", "يطبّق", "運用", "Vận dụng")
LEADING: Final = texts("Leading", "Lidera", "يقود", "引領", "Dẫn dắt")
DIRECTOR: Final = Localised.of({"en": "Director of Certification", "es": "Directora de certificación"})
FIRST_DAY: Final = date(2025, 10, 1)


def record(**given: Any) -> RecordFacts:
    """Return a record in English and Spanish with everything on it."""
    return replace(_RECORD, **given)


def _months() -> tuple[HoursOf, ...]:
    days = [date(2025 + (9 + at) // 12, (9 + at) % 12 + 1, 1) for at in range(12)]
    return tuple(HoursOf(day, 3, 225 + 5 * at, 200 + 5 * at) for at, day in enumerate(days))


def _modules() -> tuple[ModuleDone, ...]:
    titles = [texts(f"The coaching cycle, part {n}", f"El ciclo de coaching, parte {n}", f"دورة التوجيه، الجزء {n}", f"教練週期，第 {n} 部分", f"Chu kỳ huấn luyện, phần {n}") for n in range(1, 9)]  # fmt: skip  # noqa: E501
    return tuple(
        ModuleDone(
            n, title, 12, 12, FIRST_DAY + timedelta(days=30 * n), FIRST_DAY + timedelta(days=30 * n + 20)
        )
        for n, title in enumerate(titles, start=1)
    )


def _rule(strand: Strand | None, en: str, es: str, stands: str) -> RuleMet:
    return RuleMet(strand, {"en": en, "es": es}, {"en": stands, "es": stands})


_RECORD: Final = RecordFacts(
    name="Lucía Fernández Ortega",
    locale="en",
    second_locale="es",
    institute=INSTITUTE,
    level=LEVEL,
    title=TITLE,
    serial="VCI-2026-00418-7",
    verify_address="certificates.example/verify 7Q2K-M9XD-PLW4-8HTV",
    verify_url="https://certificates.example/verify/7Q2KM9XDPLW48HTV",
    issued=date(2026, 10, 14),
    valid_until=date(2029, 10, 14),
    signatories=(Signatory("Dr. Ruth Ellison", DIRECTOR),),
    minutes=2730,
    made=date(2026, 10, 14),
    programme=PROGRAMME,
    cohort=COHORT,
    enrolled=FIRST_DAY,
    site=Localised.of({"en": "Sunrise Children's Center"}),
    one_to_one=2100,
    by_kind=(
        HoursOf(Kind.ONE_TO_ONE, 28, 2280, 2100),
        HoursOf(Kind.GROUP, 4, 480, 480),
        HoursOf(Kind.OBSERVATION, 4, 270, 160),
    ),
    by_mode=(HoursOf(Mode.IN_PERSON, 20, 1800, 1620), HoursOf(Mode.VIDEO, 16, 1230, 1120)),
    by_month=_months(),
    meetings=(
        MeetingAttended(date(2026, 1, 17), MeetingKind.COACH, 180, 180, made_up=False),
        MeetingAttended(date(2026, 4, 18), MeetingKind.COHORT, 120, 120, made_up=True),
    ),
    modules=_modules(),
    evidence=(
        EvidenceAccepted(
            PORTFOLIO,
            date(2026, 8, 30),
            Fraction(7, 2),
            Fraction(4),
            2,
            (
                CriterionReached(ASKS, RELATION, Fraction(3), APPLYING),
                CriterionReached(LISTENS, RELATION, Fraction(7, 2), APPLYING, LEADING),
            ),
        ),
        EvidenceAccepted(VIDEO, date(2026, 6, 2)),
    ),
    rules=(
        _rule(Strand.EXPERIENCES, "At least 40 h of coaching", "Al menos 40 h de coaching", "45 h 30 min"),
        _rule(Strand.SKILLS, "The portfolio is accepted", "Se acepta el portafolio", "3.5"),
        _rule(None, "No session is disputed", "Ninguna sesión está en disputa", "–"),
    ),
)

"""Which papers may be shown."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from certificates.calibration.models import AnchorConsent, AnchorPaper, ConsentState


def is_shown() -> ColumnElement[bool]:
    """Return the condition that a paper may be shown: it is the lead's own, or its author agrees."""
    agreed = select(AnchorConsent.submission_id).where(AnchorConsent.state == ConsentState.AGREED)
    return or_(AnchorPaper.submission_id.is_(None), AnchorPaper.submission_id.in_(agreed))

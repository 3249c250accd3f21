"""The scopes and media types of Assignment and Grade Services 2.0, verbatim: platforms compare them strictly."""

from __future__ import annotations

from typing import Final

AGS: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/"
LINE_ITEM: Final = AGS + "lineitem"
LINE_ITEM_READONLY: Final = AGS + "lineitem.readonly"
RESULT_READONLY: Final = AGS + "result.readonly"
SCORE: Final = AGS + "score"

LINE_ITEM_TYPE: Final = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS_TYPE: Final = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULTS_TYPE: Final = "application/vnd.ims.lis.v2.resultcontainer+json"
SCORE_TYPE: Final = "application/vnd.ims.lis.v1.score+json"

"""What a course's pages do: open the tool for somebody, list what was chosen in it, show the grades."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from lti_consumer.api import get_lti_1p3_launch_info, get_lti_1p3_launch_start_url
from lti_consumer.data import Lti1p3LaunchData
from lti_consumer.models import LtiAgsLineItem, LtiConfiguration, LtiDlContentItem

from tests.interop.openedx.school import COURSE, NAMES, ROLES, UNIT, UNIT_IN_COURSE, external_id


def _launch_data(name: str) -> Lti1p3LaunchData:
    return Lti1p3LaunchData(
        user_id=name,
        user_role=ROLES[name],
        config_id=LtiConfiguration.objects.get().config_id,
        resource_link_id=str(UNIT),
        name=NAMES[name],
        email=f"{name}@edx.example.test",
        external_user_id=external_id(name),
        context_id=str(COURSE),
        context_type=["course_offering"],
        context_title="Coaching at Open edX",
        context_label="COACH",
    )


def about(_request: HttpRequest) -> JsonResponse:
    """Tell what the tool must be told to register this platform."""
    return JsonResponse(get_lti_1p3_launch_info(_launch_data("grace")))


def open_link(request: HttpRequest) -> HttpResponse:
    """Start a launch for ``user``: of the unit, of an item chosen before (``item``), or to choose (``choose``)."""
    item = request.GET.get("item")
    address = get_lti_1p3_launch_start_url(
        _launch_data(request.GET["user"]),
        deep_link_launch="choose" in request.GET,
        dl_content_id=int(item) if item else None,
    )
    return redirect(address)


def chosen(_request: HttpRequest) -> JsonResponse:
    """List what a teacher chose in the tool."""
    items = LtiDlContentItem.objects.order_by("id")
    return JsonResponse({"items": [{"id": one.id, **one.attributes} for one in items]})


def gradebook(_request: HttpRequest) -> JsonResponse:
    """Show the grades that reached the LMS, and the columns and scores that the tool made at the consumer."""
    columns = [
        {
            "label": item.label,
            "tag": item.tag,
            "resource_id": item.resource_id,
            "maximum": item.score_maximum,
            "scores": [
                {"user": score.user_id, "given": score.score_given, "maximum": score.score_maximum}
                for score in item.scores.order_by("id")
            ],
        }
        for item in LtiAgsLineItem.objects.order_by("id")
    ]
    return JsonResponse({"grades": UNIT_IN_COURSE.grades, "columns": columns})

"""The consumer's addresses under /api, and what a course's page and a gradebook would be."""

from __future__ import annotations

from django.urls import include, path

from tests.interop.openedx import pages

urlpatterns = [
    path("api/", include("lti_consumer.plugin.urls")),
    path("about", pages.about),
    path("open", pages.open_link),
    path("chosen", pages.chosen),
    path("gradebook", pages.gradebook),
]

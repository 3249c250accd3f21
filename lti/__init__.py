"""The door to the LMS: LTI 1.3 registrations, launches and services; it may import every other package."""

from lti.feature import init_app as init_app

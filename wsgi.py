"""The roof: names the features and makes the application."""

import gc

gc.disable()  # nothing of what is loaded is garbage; to look for some took a sixth of the time to start

import sys

import certificates
import courses
import lti
from institute.app import create_app
from institute.config import SettingsError

try:
    app = create_app(courses, certificates, lti)
except SettingsError as error:
    sys.exit(f"The tool did not start. {error}")

gc.freeze()
gc.enable()

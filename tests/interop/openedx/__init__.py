"""A small Open edX: its published LTI consumer with the few parts of the LMS around it that the consumer asks for.

It runs in an environment of its own, started by ``python -m tests.interop.openedx``.
"""

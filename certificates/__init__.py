"""What is proved: levels, evidence, scores, certificates. May import courses and institute."""

from certificates.feature import init_app as init_app

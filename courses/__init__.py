"""What is learnt and practised: programmes, cohorts and coaching; stands on institute/ alone."""

from courses.feature import init_app as init_app

"""What goes with a certificate: the transcript of hours and competencies, and the form that an office signs."""

"""Where pieces are sent to."""

"""The coordinator's area; concerns and qualifications as coaches and participants see them."""

"""A small, strict LMS of our own, for trying the tool and for its tests. The product never imports it."""

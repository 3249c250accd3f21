"""The three guides of a module (participant, coach, quick reference), on a page, in print and as a document."""

"""Media that people show of their work: player, captions, consent of whom they show, comments in time or on a page."""

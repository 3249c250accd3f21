"""The step from one present state of a catalogue to its versions: tables of both sides, and what is carried over."""

"""What participants do: they write, answer, upload and acknowledge, and decide what their coach sees."""

"""Coaching: sessions that both sides confirm, and the hours that follow from them."""

"""Instruments as they are filled in, whoever asks: answers, pictures, growth. Pure."""

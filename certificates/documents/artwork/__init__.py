"""Artwork: the fine lines around and under the words of a certificate, computed once per paper and level."""

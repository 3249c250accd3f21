"""Benchmarks: each prints its figure beside its reference. They are run by hand and never as tests."""

"""Tests of certificates as documents."""

"""Tests, mirroring the packages; journeys/ in a browser, meta/ about the code itself, bench/ measured by hand."""

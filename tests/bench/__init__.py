"""Measurements: what is timed or scored, run by hand or by `make bench`, not by pytest."""

"""Tests of the runner: python3 -m unittest discover -s tests -t . They need nothing but Python."""

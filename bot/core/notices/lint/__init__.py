"""Lint: what is wrong with a notice before anybody gets it, rule by rule (L01 to L38)."""

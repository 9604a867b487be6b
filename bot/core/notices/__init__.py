"""Notices: what is announced, when it goes, who must agree, whom it reaches and how it reads.

The words are those of CAP 1.2 (Common Alerting Protocol); everything here decides and touches nothing.
"""

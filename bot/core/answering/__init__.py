"""A question -> an answer with citations, choices, or no answer and what to do instead."""

"""Enums whose members say in a phrase, for operators, what they mean."""

from enum import StrEnum
from typing import Self


class Phrased(StrEnum):
    """Members that carry a phrase for operators beside their value."""

    phrase: str

    def __new__(cls, value: str, phrase: str = "") -> Self:
        """Return the member; a plain string of the value, so that it is stored and compared as one."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.phrase = phrase
        return member

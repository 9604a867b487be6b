"""What was learnt from the content, as a plain value: whoever kept it need not learn again."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.core.answering.knowledge import Knowledge
from bot.core.guidance import Guide, GuideId

Array = NDArray[np.float32] | NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Learnt:
    """`notes` are what JSON can hold, `arrays` are numbers; each part of the engine has its own names."""

    notes: Mapping[str, Any]
    arrays: Mapping[str, Array]


class Mislearnt(Exception):
    """What was kept is not what an engine makes: it is to be learnt anew."""


@dataclass(frozen=True, slots=True)
class Key:
    """A name for all that the learning depends on, but the program itself."""

    content: str
    encoder: str


def key_of(guides: Mapping[GuideId, Guide], knowledge: Knowledge, encoder_version: str) -> Key:
    """Return the key. Golden questions are no part of it, because nothing is learnt from them."""
    digest = hashlib.sha256()
    for guide in guides.values():
        digest.update(b"\0" + guide.model_dump_json().encode("utf-8", "surrogatepass"))
    taught = knowledge.model_copy(update={"golden": ()})
    digest.update(b"\0" + taught.model_dump_json().encode("utf-8", "surrogatepass"))
    return Key(digest.hexdigest(), encoder_version)

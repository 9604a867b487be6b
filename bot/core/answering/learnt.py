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


def content_key(
    guides: Mapping[GuideId, Guide],
    knowledge: Knowledge,
    encoder_version: str,
) -> str:
    """Return a name for all that the learning depends on, but the program itself.

    Golden questions are no part of it, because nothing is learnt from them.
    """
    digest = hashlib.sha256(encoder_version.encode())
    for guide in guides.values():
        digest.update(b"\0" + guide.model_dump_json().encode("utf-8", "surrogatepass"))
    taught = knowledge.model_copy(update={"golden": ()})
    digest.update(b"\0" + taught.model_dump_json().encode("utf-8", "surrogatepass"))
    return digest.hexdigest()

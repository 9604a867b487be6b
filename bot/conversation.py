"""Content -> the conversation over it; what its engine learns is kept in the data folder between starts."""

import logging
from concurrent.futures import Future
from pathlib import Path
from threading import Thread

from bot.adapters.encoder import SentenceEncoder, open_encoder
from bot.adapters.learnt import LearntFiles
from bot.core.answering.engine import Engine, learn_from
from bot.core.answering.finding import Finding
from bot.core.answering.learnt import Mislearnt, key_of
from bot.core.content import Content
from bot.core.dialogue import Dialogue
from bot.core.guidance import Language

log = logging.getLogger(__name__)


def make_dialogue(content: Content, cache: Path | None) -> Dialogue:
    """Return the conversation over this content, ready to answer. `cache` is a folder.

    Takes a second or two, and some ten more where nothing fitting is kept in the folder.
    """
    return Dialogue(content, make_engine(content, cache, open_encoder()).find)


def begin_dialogue(content: Content, cache: Path) -> tuple[Dialogue, "Future[Engine]"]:
    """Return the conversation at once, and its engine in the making: the first question waits for it.

    So people's messages are taken in from the start, and commands and buttons are answered meanwhile. Cancel
    the engine to let go of questions that still wait; the program can then end without it.
    """
    making: Future[Engine] = Future()

    def make() -> None:
        try:
            engine = make_engine(content, cache, open_encoder())
        except BaseException as error:
            if not making.cancelled():
                making.set_exception(error)
            raise
        if not making.cancelled():
            making.set_result(engine)

    Thread(target=make, name="engine", daemon=True).start()

    def find(question: str, language: Language | None) -> Finding:
        return making.result().find(question, language)

    return Dialogue(content, find), making


def make_engine(content: Content, cache: Path | None, encoder: SentenceEncoder | None) -> Engine:
    """Return the engine for this content; seconds where nothing fitting is kept in the folder."""
    guides, knowledge, languages = content.guides, content.answering, content.deployment.languages
    files = LearntFiles(cache) if cache is not None else None
    key = key_of(guides, knowledge, encoder.version if encoder is not None else "")
    kept = files.find(key) if files is not None else None
    if kept is not None:
        if encoder is not None:
            encoder.warm_up()
        try:
            return Engine(guides, knowledge, languages, encoder, kept)
        except Mislearnt:
            LearntFiles.report_damage()
    earlier = files.find_latest(key.encoder) if files is not None else None
    if earlier is None:
        log.warning("learning from the content, once: for about half a minute questions wait")
    learnt = learn_from(guides, knowledge, encoder, earlier)
    if files is not None:
        files.keep(key, learnt)
    if encoder is not None:
        encoder.warm_up()
    return Engine(guides, knowledge, languages, encoder, learnt)

"""From letters to words: cleaning, scripts, transliteration, spelling, phrases."""

import pytest

from bot.core.answering.knowledge import Slang
from bot.core.answering.lexicon import Lexicon
from bot.core.answering.phrasebook import Phrasebook
from bot.core.answering.query import Reader
from bot.core.answering.text import LONGEST, clean, fold, without_runs, words_of

OWN = ["делать", "обломки", "дрон", "дрона", "дроны", "сирена", "газ", "огород", "перевязка", "пожар", "двор"]
OWN += ["drone", "debris", "siren", "found", "garden"]
LEXICON = Lexicon(OWN * 3)
READER = Reader(LEXICON, (Slang(say=("птичка летит",), mean="летит дрон"),))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Ёлка, ЁЖ!", ["елка", "еж"]),
        ("100м от дома", ["100", "м", "от", "дома"]),
        ("don't", ["dont"]),
        ("об\u00adлом\u200bки", ["обломки"]),
        ("ｄｒｏｎｅ", ["drone"]),
        ("\x00\x1b[2J", ["2j"]),
    ],
)
def test_words_of_what_was_typed(typed: str, words: list[str]) -> None:
    assert words_of(fold(clean(typed))) == words


def test_only_the_beginning_of_a_megabyte_is_read() -> None:
    assert len(clean("слово " * 200_000)) <= LONGEST


def test_drawn_out_letters_are_cut_and_doubled_ones_stay() -> None:
    assert without_runs("помогитеее", 1) == "помогите"
    assert without_runs("ванная", 1) == "ванная"
    assert without_runs("1000", 1) == "1000"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("oblomki drona", "обломки дрона"),
        ("4to delat'", "что делать"),
        ("gorit dom, pomogite", "горит дом помогите"),
        ("j,kjvrb lhjyf", "обломки дрона"),
        ("J<KJVRB", "обломки"),
        ("gthtdzprf", "перевязка"),
        ("нашел j,kjvrb во дворе", "нашел обломки во дворе"),
        ("вуикшы ыакут", "debris"),
        ("дpoн", "дрон"),
        ("дроooн", "дрон"),
        ("found debris in my garden", "found debris in my garden"),
        ("on the roof", "on the roof"),
    ],
)
def test_letters_of_the_wrong_alphabet(typed: str, meant: str) -> None:
    assert " ".join(READER.read(typed).words).startswith(meant)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("облмоки", "обломки"),
        ("перевязкка", "перевязка"),
        ("debirs", "debris"),
        ("двери", "двери"),  # a word, though one letter from «двор»
        ("газон", "газон"),  # a word, though it begins like «газ»
        ("siren", "siren"),
    ],
)
def test_spelling_is_mended_only_where_no_word_is_lost(typed: str, meant: str) -> None:
    assert READER.read(typed).words == (meant,)


def test_a_slip_in_an_example_question_is_no_word_of_the_content() -> None:
    lexicon = Lexicon(["кровь"], typed_words=["кровъ", "жгут", "мопедик", "мопедик", "мопедик"])

    assert Reader(lexicon, ()).read("кровъ").words == ("кровь",)
    assert not lexicon.knows("кровъ")
    assert lexicon.knows("жгут")
    assert lexicon.knows("мопедик")  # in no dictionary, but three wrote it


def test_slang_adds_its_meaning_and_takes_nothing_away() -> None:
    query = READER.read("птичка летит")

    assert query.words == ("птичка", "летит")
    assert query.text == "птичка летит дрон"


@pytest.mark.parametrize(
    ("phrase", "message", "occurs"),
    [
        ("кровь хлещет", "крови много хлещет", True),
        ("кровь хлещет", "хлещет кровь", False),
        ("кровь_хлещет", "кровь сильно хлещет", False),
        ("взрывчат*", "купить взрывчатку", True),
        ("=скажи", "скажите", False),
        ("=скажи", "скажи", True),
        ("пожар в доме", "пожары в домах", True),
    ],
)
def test_phrases(phrase: str, message: str, occurs: bool) -> None:
    book = Phrasebook([phrase], LEXICON)

    assert bool(book.find(message.split())) is occurs


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ДР0Н над д0мом", ["дрон", "над", "домом"]),
        ("по3вони", ["позвони"]),
        ("д р о н", ["дрон"]),
        ("отойти на 100м", ["отойти", "на", "100", "м"]),
        ("я и он в лесу", ["я", "и", "он", "в", "лесу"]),
    ],
)
def test_digits_inside_words_and_letters_apart_are_read_as_meant(typed: str, words: list[str]) -> None:
    assert words_of(fold(clean(typed))) == words

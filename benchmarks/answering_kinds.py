"""Questions as people also type them: in Latin letters, the other layout, misspelt. Always the same way."""

import random

_TRANSLIT = dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdeziyklmnoprstufhye", strict=True))
_TRANSLIT |= {"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ь": "", "ю": "yu", "я": "ya"}
_CHAT = {
    **_TRANSLIT,
    "ж": "j",
    "ч": "4",
    "ш": "6",
    "щ": "sh",
    "й": "i",
    "ц": "c",
    "ю": "ju",
    "я": "ja",
    "х": "kh",
}
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё"
_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_LONG = 5


def is_russian(question: str) -> bool:
    """Say whether a question is written in Cyrillic letters."""
    return any("а" <= letter <= "я" for letter in question.casefold())


def translit(question: str) -> str:
    """Return Russian in Latin letters as a passport has it."""
    return "".join(_TRANSLIT.get(letter, letter) for letter in question.casefold().replace("ё", "е"))


def chat_translit(question: str) -> str:
    """Return Russian in Latin letters as a chat has it: 4 for ч, 6 for ш, j for ж."""
    return "".join(_CHAT.get(letter, letter) for letter in question.casefold().replace("ё", "е"))


def other_layout(question: str) -> str:
    """Return the question typed with the keyboard switched the wrong way."""
    there, here = (_RUSSIAN, _LATIN) if is_russian(question) else (_LATIN, _RUSSIAN)
    return question.casefold().translate(str.maketrans(there, here))


def misspelt(question: str) -> str:
    """Return the question with a slip in every third long word: a letter lost, doubled, swapped, wrong."""
    chance = random.Random(question)  # noqa: S311 - the same slips every time
    letters = _RUSSIAN if is_russian(question) else "abcdefghijklmnopqrstuvwxyz"
    words = question.split()
    for number, word in enumerate(words):
        if len(word) < _LONG or chance.random() > 0.35:
            continue
        place = chance.randrange(1, len(word) - 1)
        slips = (
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            word[:place] + chance.choice(letters) + word[place + 1 :],
        )
        words[number] = slips[chance.randrange(len(slips))]
    return " ".join(words)


KINDS = {
    "translit": translit,
    "chat translit": chat_translit,
    "wrong layout": other_layout,
    "typos": misspelt,
}

"""Finding Chinese names by pinyin."""

from __future__ import annotations

import unicodedata
from itertools import islice, product

from pypinyin import Style, load_phrases_dict, pinyin

MAX_READINGS = 32

# pypinyin reads 行 as xing in these; banks say háng.
load_phrases_dict(
    {
        "支行": [["zhī"], ["háng"]],
        "分行": [["fēn"], ["háng"]],
        "总行": [["zǒng"], ["háng"]],
        "银行": [["yín"], ["háng"]],
        "行内": [["háng"], ["nèi"]],
        "尉迟": [["yù"], ["chí"]],
    }
)


def fold(text: str) -> str:
    """Text as searches compare it: NFKC, lower case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def readings(name: str) -> list[str]:
    """Every way ``name`` may be typed in pinyin: full (zhangli) and initials (zl).

    A character with several readings (单: dan, shan) gives one entry for each, at most
    ``MAX_READINGS`` in all, because the usual reading is wrong for many surnames.
    """
    choices = [
        [reading for reading in options if reading] for options in _pinyin(name, heteronym=True)
    ]
    phrase = [options[0] for options in _pinyin(name)]
    found: dict[str, None] = {}
    for combination in [tuple(phrase), *islice(product(*choices), MAX_READINGS)]:
        found["".join(combination)] = None
        found["".join(part[:1] for part in combination)] = None
    return [reading for reading in found if reading][: 2 * MAX_READINGS]


def search_index(*parts: str) -> str:
    """Text that a substring search runs on: every part as it is and in every pinyin reading."""
    words: dict[str, None] = {}
    for part in parts:
        if part:
            words[fold(part)] = None
            for reading in readings(part):
                words[fold(reading)] = None
    return " ".join(words)[:2000]


def readings_of_text(text: str) -> tuple[str, str]:
    """A longer text in the usual reading of each character: in full, and as initials."""
    usual = [fold(options[0]) for options in _pinyin(text) if options[0]]
    return "".join(usual), "".join(each[:1] for each in usual)


def sort_key(name: str) -> str:
    """Key that sorts people the way a Chinese reader expects: by pinyin."""
    return " ".join(options[0] for options in _pinyin(name))[:120]


def _pinyin(name: str, *, heteronym: bool = False) -> list[list[str]]:
    # Typed as returning a string, the callback may also return one reading a character.
    return pinyin(name, style=Style.NORMAL, heteronym=heteronym, errors=_latin)  # type: ignore[arg-type]


def _latin(text: str) -> list[str]:
    return [character for character in text if character.isalnum()] or [""]

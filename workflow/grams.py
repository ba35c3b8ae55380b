"""Text as overlapping pairs of Chinese characters and whole Latin words, for searching.

Neither database can look for a two-character Chinese word in an index of its own; equal pieces in
an ordinary index find it on both, with the same results.
"""

from __future__ import annotations

import re
import unicodedata

GRAM_LENGTH = 24
_RUNS = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]+|[a-z0-9]{2,}")


def grams(text: str) -> list[str]:
    """The pieces of ``text``, each once, in order: ``商户号 POS`` → ``商户 户号 pos``.

    Full-width letters and capitals count as plain ones. A single Chinese character gives nothing.
    """
    found: dict[str, None] = {}
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0].isascii():
            found[run[:GRAM_LENGTH]] = None
            continue
        for start in range(len(run) - 1):
            found[run[start : start + 2]] = None
    return list(found)

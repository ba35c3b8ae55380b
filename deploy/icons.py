"""Build ``static/desk/icons.svg`` from the Tabler icons (MIT) named in ``deploy/icons.txt``.

A sprite of the icons in use is small; the icon font would be over 1 MB. The sprite is committed, so
this runs only when an icon is added: ``npm ci && python deploy/icons.py``.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHAPE = re.compile(r"<svg[^>]*>(.*?)</svg>", re.DOTALL)


def main() -> int:
    """Write the sprite; 1 when an icon is missing."""
    source = ROOT / "node_modules/@tabler/icons/icons/outline"
    if len(sys.argv) > 1:
        source = Path(sys.argv[1])
    names = sorted(set((ROOT / "deploy/icons.txt").read_text("utf-8").split()))
    missing = [name for name in names if not (source / f"{name}.svg").is_file()]
    if missing:
        print("no such icon: " + ", ".join(missing), file=sys.stderr)
        return 1
    symbols = [_symbol(name, (source / f"{name}.svg").read_text("utf-8")) for name in names]
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    (ROOT / "static/desk/icons.svg").write_text(sprite, "utf-8")
    return 0


def _symbol(name: str, svg: str) -> str:
    found = SHAPE.search(svg)
    body = re.sub(r"\s*\n\s*", "", found.group(1)) if found else ""
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
    )


if __name__ == "__main__":
    raise SystemExit(main())

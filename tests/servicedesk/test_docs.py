"""The pages for readers: links lead somewhere, settings are told, both languages say the same."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import polib
import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh-hans.md"
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
BOLD = re.compile(r"\*\*(.+?)\*\*")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^(#+) ", flags=re.MULTILINE)
FENCE = re.compile(r"^```\w*\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)
# | `NAME` | `default` | meaning |
SETTING = re.compile(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`|—) \|", flags=re.MULTILINE)


def _pages() -> list[Path]:
    """Every Markdown file of the product, committed or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return sorted(file for file in files if file.is_file())


def _prose(page: Path) -> str:
    """The page without its blocks of code."""
    return FENCE.sub("", page.read_text("utf-8"))


def _sections(page: Path) -> list[str]:
    """The text of each section, heading and all."""
    return re.split(r"^#+ ", _prose(page), flags=re.MULTILINE)


def _anchors(page: Path) -> set[str]:
    """Names under which the page's headings can be linked to."""
    titles = re.findall(r"^#+ (.+)$", _prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def _leads_nowhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    return not target.exists() or bool(anchor and anchor not in _anchors(target))


def _commands(page: Path) -> list[str]:
    """What the page tells to type, without the remarks beside it."""
    lines = "\n".join(FENCE.findall(page.read_text("utf-8"))).splitlines()
    return [command for line in lines if (command := re.sub(r"\s*#.*$", "", line))]


def _default(value: object) -> str:
    """A default as one writes it into ``.env``."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ",".join(value)
    return str(value)


def _computed(node: ast.expr) -> str:
    """The value of a default, also when it is a small sum such as ``15 * 60``."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return str(int(_computed(node.left)) * int(_computed(node.right)))
    return _default(ast.literal_eval(node))


def _read_by_settings() -> dict[str, str]:
    """Name and default of every setting that settings.py takes from the environment."""
    found: dict[str, str] = {}
    tree = ast.parse((ROOT / "servicedesk" / "settings.py").read_text("utf-8"))
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func).startswith("env.")):
            continue
        name = ast.literal_eval(node.args[0])
        default = next((each.value for each in node.keywords if each.arg == "default"), None)
        # ENV_FILE's default is a path of this machine; DATABASE_URL is read a second time bare.
        plain = default is not None and "BASE_DIR" not in ast.unparse(default)
        found.setdefault(name, _computed(default) if default and plain else "")
    return found


def _told_by(page: Path) -> dict[str, str]:
    return dict(SETTING.findall(page.read_text("utf-8")))


def _example() -> dict[str, str]:
    """Names of .env.example with their values; a name behind ``#`` has none."""
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    found = [re.fullmatch(r"(# )?([A-Z_]+)=(.*)", line) for line in lines]
    return {each[2]: "" if each[1] else each[3] for each in found if each}


def test_the_pages_are_found() -> None:
    assert {ENGLISH, CHINESE, ROOT / "docs" / "requirements.md"} <= set(_pages())


@pytest.mark.parametrize("page", _pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_inside_leads_to_a_file(page: Path) -> None:
    inside = [link for link in LINK.findall(_prose(page)) if "://" not in link]

    assert [link for link in inside if _leads_nowhere(page, link)] == []


@pytest.mark.parametrize("page", [ENGLISH, CHINESE], ids=lambda page: page.name)
def test_every_setting_is_told_with_its_default(page: Path) -> None:
    told = _told_by(page)

    assert {name: told.get(name) for name in _read_by_settings()} == _read_by_settings()


def test_the_example_shows_the_defaults() -> None:
    example = _example()

    assert {name: example.get(name) for name in _read_by_settings()} == _read_by_settings()


def test_both_languages_tell_the_same_settings() -> None:
    assert _told_by(ENGLISH) == _told_by(CHINESE)
    assert set(_told_by(ENGLISH)) - set(_example()) == set()


def test_both_languages_are_linked_to_each_other_at_the_top() -> None:
    for page, other in ((ENGLISH, CHINESE), (CHINESE, ENGLISH)):
        assert f"]({other.name})" in "\n".join(page.read_text("utf-8").splitlines()[:5])


def test_both_languages_have_the_same_sections() -> None:
    assert HEADING.findall(_prose(ENGLISH)) == HEADING.findall(_prose(CHINESE))


def test_both_languages_have_the_same_lists_and_tables() -> None:
    def shape(page: Path) -> list[tuple[int, int]]:
        items = re.compile(r"\n(?:-|\d+\.) ")
        return [(part.count("\n| "), len(items.findall(part))) for part in _sections(page)]

    assert shape(ENGLISH) == shape(CHINESE)


def test_both_languages_give_the_same_commands() -> None:
    assert _commands(ENGLISH)
    assert _commands(ENGLISH) == _commands(CHINESE)


def test_words_of_the_screen_are_those_that_it_shows() -> None:
    """Bold words are the catalogue's: English as in the source, Chinese as translated."""
    catalogue = {each.msgid: each.msgstr for each in polib.pofile(str(CATALOGUE))}
    for english, chinese in zip(_sections(ENGLISH), _sections(CHINESE), strict=True):
        shown = set(BOLD.findall(english))

        assert shown - catalogue.keys() == set()
        assert {catalogue[word] for word in shown} == set(BOLD.findall(chinese))

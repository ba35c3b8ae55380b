"""Sets the product up on a bare machine; what is up to date already is left alone.

``python3 -m deploy.setup`` does everything up to a filled database. ``--dev`` adds the development
packages and stops before the database. ``--image`` does only what belongs into a container image.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.ground import (
    ENV_FILE,
    PYTHON,
    RECORDS,
    ROOT,
    VAR,
    VENV,
    Problem,
    fingerprint,
    is_recorded,
    setting,
    write_record,
)
from deploy.steps import UP_TO_DATE, Step, run, walk

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 18
NODE_MODULES = ROOT / "node_modules"
VENDOR = VAR / "vendor"
ALLOW_LIST = ROOT / "deploy" / "vendor.json"
STATIC = ROOT / "staticfiles"
DEMO_PAGE = RECORDS / "demo.txt"
LOCAL_SETTINGS = """\
# Written at the first set-up, for this machine alone. Every setting: .env.example
SECRET_KEY={key}
DEMO=on
HTTPS=off
"""


def check_machine() -> str:
    """Refuse early, in one line, what would fail later in many."""
    if sys.version_info < OLDEST_PYTHON:
        raise Problem(
            "Python 3.11 or newer is needed: install it (Debian: sudo apt install python3.11 "
            "python3.11-venv) and try again."
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise Problem(
            "Python's venv module is missing: install it (Debian: sudo apt install "
            f"python{version}-venv) and try again."
        ) from None
    for folder in (ROOT, data_folder()):
        check_writable(folder)
    return "ok"


def data_folder() -> Path:
    """Return where the product keeps its data (DATA_DIR, else var/)."""
    return Path(setting("DATA_DIR") or VAR)


def check_writable(folder: Path) -> None:
    """Raise ``Problem`` unless a file can be written into ``folder`` (made if absent)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Problem(
            f"Cannot write to {folder} ({error.strerror}): run this as the folder's owner, or in a "
            "folder of your own."
        ) from None


def install_python_packages() -> str:
    """Make .venv hold requirements.txt."""
    return _pip_install("requirements.txt")


def install_dev_packages() -> str:
    """Make .venv hold requirements-dev.txt, which includes requirements.txt."""
    return _pip_install("requirements.txt", "requirements-dev.txt")


def _pip_install(*names: str) -> str:
    _make_venv()
    files = [ROOT / name for name in names]
    wanted = fingerprint(files)
    record = VENV / f".{names[-1]}.sha256"
    if is_recorded(record, wanted):
        return UP_TO_DATE
    _pip("-r", names[-1])
    write_record(record, wanted)
    return ""


def _pip(*what: str) -> None:
    run(
        [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "-q", *what],
        why="pip could not install the Python packages: check the network, or pip's configuration",
    )


def _make_venv() -> None:
    """Create .venv, or again when its Python no longer runs (moved, upgraded, interrupted)."""
    if PYTHON.exists():
        works = subprocess.run([str(PYTHON), "-c", "import pip"], capture_output=True, check=False)
        if works.returncode == 0:
            return
    run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        why="The virtual environment .venv could not be made",
    )


def install_frontend_packages() -> str:
    """Make node_modules hold what the product serves."""
    return _npm_install("served", "--omit=dev")


def install_dev_frontend_packages() -> str:
    """Make node_modules hold also what tests and the icon sprite need."""
    return _npm_install("all")


def _npm_install(extent: str, *options: str) -> str:
    """Install package-lock.json with the machine's npm, or with one that pip brings."""
    files = [ROOT / "package.json", ROOT / "package-lock.json"]
    record = NODE_MODULES / ".package-lock.sha256"
    if any(is_recorded(record, fingerprint(files, more)) for more in (extent, "all")):
        return UP_TO_DATE
    environ = dict(os.environ)
    if not _has_node():
        _pip("-r", "requirements-node.txt")
        environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{environ.get('PATH', os.defpath)}"
    quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
    run(
        ["npm", "ci", *quiet, *options],
        why="npm could not install the front-end packages: check the network, or npm's "
        "configuration",
        environ=environ,
    )
    write_record(record, fingerprint(files, extent))
    return ""


def _has_node() -> bool:
    """Tell whether the machine has npm and a node that is new enough."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().lstrip("v").partition(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def copy_frontend_files() -> str:
    """Copy the files named in deploy/vendor.json from node_modules to var/vendor."""
    chosen: dict[str, str] = json.loads(ALLOW_LIST.read_text(encoding="utf-8"))
    wanted = fingerprint([ALLOW_LIST, ROOT / "package-lock.json"])
    record = RECORDS / "vendor.sha256"
    if is_recorded(record, wanted) and all((VENDOR / name).exists() for name in chosen.values()):
        return UP_TO_DATE
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, name in chosen.items():
        if not (NODE_MODULES / source).is_file():
            raise Problem(f"deploy/vendor.json names {source}, which node_modules does not hold.")
        target = VENDOR / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(NODE_MODULES / source, target)
    write_record(record, wanted)
    return ""


def write_local_settings() -> str:
    """Write .env with a fresh secret key (readable by its owner only), unless there is one."""
    try:
        handle = os.open(ENV_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return "kept"
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(LOCAL_SETTINGS.format(key=secrets.token_urlsafe(50)))
    return "made"


def compile_translations() -> str:
    """Compile every catalogue under locale/; GNU gettext isn't needed."""
    catalogues = sorted((ROOT / "locale").rglob("*.po"))
    wanted = fingerprint(catalogues)
    record = RECORDS / "translations.sha256"
    if is_recorded(record, wanted) and all(po.with_suffix(".mo").exists() for po in catalogues):
        return UP_TO_DATE
    run(
        [str(PYTHON), "-m", "deploy.compile_messages", *map(str, catalogues)],
        why="The translations could not be compiled",
    )
    write_record(record, wanted)
    return ""


def prepare_database() -> str:
    """Migrate and, with DEMO, fill the database; keep the log-ins to show in var/setup/demo.txt."""
    done = run(
        [str(PYTHON), "-m", "deploy.database"],
        why="The database could not be prepared",
    )
    write_record(DEMO_PAGE, done.stdout)
    return ""


def collect_static_files() -> str:
    """Gather, hash and compress static files when any of their sources changed."""
    sources = [ROOT / "static", VENDOR, ROOT / "requirements.txt"]
    wanted = fingerprint([*sources, ROOT / "servicedesk" / "staticfiles.py"])
    record = RECORDS / "static.sha256"
    if is_recorded(record, wanted) and (STATIC / "staticfiles.json").exists():
        return UP_TO_DATE
    run(
        [str(PYTHON), "manage.py", "collectstatic", "--noinput"],
        why="The static files could not be gathered",
    )
    write_record(record, wanted)
    return ""


MACHINE = Step("Checking this machine", check_machine)
PACKAGES = Step("Installing Python packages", install_python_packages)
DEV_PACKAGES = Step("Installing development packages", install_dev_packages)
FRONTEND = Step("Installing front-end packages", install_frontend_packages)
DEV_FRONTEND = Step("Installing front-end packages", install_dev_frontend_packages)
VENDOR_FILES = Step("Copying front-end files", copy_frontend_files)
TRANSLATIONS = Step("Compiling translations", compile_translations)
STATIC_FILES = Step("Gathering static files", collect_static_files)
USER_STEPS = (
    MACHINE,
    PACKAGES,
    FRONTEND,
    VENDOR_FILES,
    Step("Writing local settings (.env)", write_local_settings),
    TRANSLATIONS,
    STATIC_FILES,
    Step("Preparing the database", prepare_database),
)
DEV_STEPS = (MACHINE, DEV_PACKAGES, DEV_FRONTEND, VENDOR_FILES, TRANSLATIONS)
IMAGE_STEPS = (MACHINE, PACKAGES, FRONTEND, VENDOR_FILES, TRANSLATIONS, STATIC_FILES)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let a second set-up of the same folder wait for the first."""
    check_writable(VAR)
    with (VAR / "setup.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def set_up(steps: tuple[Step, ...] = USER_STEPS) -> None:
    """Walk ``steps``; raises ``Problem`` for what the person must mend."""
    check_writable(ROOT)
    with _one_at_a_time():
        walk(steps)


def main(arguments: list[str]) -> int:
    """Run set-up from the command line; 1 and one line on stderr when it can't be done."""
    steps = {"--dev": DEV_STEPS, "--image": IMAGE_STEPS}.get("".join(arguments), USER_STEPS)
    try:
        set_up(steps)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; run it again to go on.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

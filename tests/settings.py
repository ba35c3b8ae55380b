"""Settings of the test suite: the product's own, with nothing taken from this machine's .env.

DATABASE_URL and REDIS_URL come from the environment alone; without them tests run on SQLite and
without a broker. TEST_DB_SUFFIX keeps two runs on one machine apart.
"""

import os
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_HOME = _ROOT / "var" / f"tests{os.environ.get('TEST_DB_SUFFIX', '')}"
_STATIC = _HOME / "static"
_STATIC.mkdir(parents=True, exist_ok=True)

os.environ.update(
    ENV_FILE=os.devnull,
    SECRET_KEY="only-for-tests-" + "x" * 40,
    DEBUG="off",
    DEMO="off",
    HTTPS="off",
    DATA_DIR=str(_HOME),
    ALLOWED_HOSTS="localhost,127.0.0.1,testserver",
    PUBLIC_BASE_URL="http://testserver",
    EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
    LOG_LEVEL="WARNING",
)

from servicedesk.settings import *  # noqa: E402, F403

# Slow on purpose in production.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Pages name static files as they are in the source; no collectstatic before a test run.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = _STATIC

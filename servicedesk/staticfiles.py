"""How static files are stored: hashed names, compressed copies, all served by ourselves."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class DeskStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed and compressed files; only what a stylesheet loads is rewritten.

    Django's own list also rewrites ``sourceMappingURL`` comments, and then fails on every package
    whose source maps we don't ship.
    """

    patterns = (
        (
            "*.css",
            (
                r"""(?P<matched>url\(['"]{0,1}\s*(?P<url>.*?)["']{0,1}\))""",
                (
                    r"""(?P<matched>@import\s*["']\s*(?P<url>.*?)["'])""",
                    """@import url("%(url)s")""",
                ),
            ),
        ),
    )

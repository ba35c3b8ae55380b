"""All settings, read from the environment (or from .env beside manage.py).

Nothing has a secret default: without SECRET_KEY the product refuses to start. The embedded
default is SQLite in var/ and no broker; DATABASE_URL and REDIS_URL grow it up (.env.example
lists every name).
"""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))

SECRET_KEY = env.str("SECRET_KEY")
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
HTTPS = env.bool("HTTPS", default=True)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", default="http://localhost:8000")
DATA_DIR = Path(env.str("DATA_DIR", default="") or BASE_DIR / "var")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
    "engine",
    "audit",
    "numbering",
    "accounts",
    "workflow",
    "calendars",
    "operations",
    "notifications",
    "sla",
    "oncall",
    "teamwork",
    "tickets",
    "incidents",
    "readiness",
    "hotline",
    "reports",
    "servicedesk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "workflow.middleware.UploadMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionLimitsMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "audit.middleware.RequestContextMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "workflow.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "servicedesk.urls"
WSGI_APPLICATION = "servicedesk.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "servicedesk.context.shell",
            ],
            "builtins": ["workflow.templatetags.desk"],
        },
    },
]
FORM_RENDERER = "workflow.renderers.DeskFormRenderer"

# --- database -------------------------------------------------------------------------------
# An empty DATABASE_URL means the embedded default too.
DATABASES = {
    "default": (
        env.db_url("DATABASE_URL")
        if env.str("DATABASE_URL", default="")
        else {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "db.sqlite3")}
    )
}
# Two test runs on one machine keep apart by this.
TEST_DB_SUFFIX = env.str("TEST_DB_SUFFIX", default="")
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a deferred transaction that upgrades to a write fails with "database is locked"
    # under concurrency however long the time-out is.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        ),
    }
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / f"test{TEST_DB_SUFFIX}.sqlite3")}
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_servicedesk{TEST_DB_SUFFIX}"}
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A process that stands still (a paused machine, SIGSTOP) in mid-transaction keeps its locks;
    # the server ends it, so that nobody waits for it longer than this.
    _STANDSTILL = env.int("DB_IDLE_IN_TRANSACTION_SECONDS", default=30)
    DATABASES["default"]["OPTIONS"] = {
        "options": f"-c idle_in_transaction_session_timeout={_STANDSTILL * 1000}"
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- broker and cache -----------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # keeps no file; ticks are idempotent
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    # Redis defaults lose sight of tasks for an hour after a kill -9.
    {"visibility_timeout": 30, "unacked_restore_interval": 5, "unacked_restore_throttle": 1}
    if REDIS_URL
    # memory:// looks for the next tasks once a second by default: with few threads ticks expire
    # unread, and an engine may stand still for minutes.
    else {"polling_interval": 0.1}
)
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# How often the engines look for due rows, in seconds.
ENGINE_TICK_SECONDS = env.float("ENGINE_TICK_SECONDS", default=1.0)

# --- people ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.passwords.CharacterClassesValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:login"
AXES_FAILURE_LIMIT = env.int("LOGIN_FAILURE_LIMIT", default=5)
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "accounts.lockout.account_named"
# The account is locked from wherever the guesses come, which is stricter than by address.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False
# Idle and absolute session limits, in seconds (GB/T 22239 8.1.4.1 b).
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=15 * 60)
SESSION_COOKIE_AGE = env.int("SESSION_ABSOLUTE_SECONDS", default=12 * 3600)
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "servicedesk.errors.csrf_failure"

# --- transport security ---------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# --- language and time ----------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SECURE = HTTPS
FORMAT_MODULE_PATH = ["servicedesk.formats"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- files ----------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", BASE_DIR / "var" / "vendor")]
MEDIA_ROOT = DATA_DIR / "attachments"  # never served by URL; downloads pass a permission check
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "servicedesk.staticfiles.DeskStaticFilesStorage"},
}
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", default=10 * 1024 * 1024)
# Full hours of the day between which a fault counts for the regulator's grade.
BUSINESS_HOURS = tuple(int(hour) for hour in env.list("BUSINESS_HOURS", default=["0", "24"]))
ATTACHMENT_MAX_COUNT = env.int("ATTACHMENT_MAX_COUNT", default=10)
ATTACHMENT_MAX_TOTAL_BYTES = env.int("ATTACHMENT_MAX_TOTAL_BYTES", default=50 * 1024 * 1024)
# unix:///run/clamav/clamd.ctl or tcp://host:3310; empty: files are not scanned for viruses.
CLAMD_URL = env.str("CLAMD_URL", default="")
CLAMD_TIMEOUT = env.float("CLAMD_TIMEOUT", default=20.0)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# --- what happens to defects by itself ------------------------------------------------------
DEFECT_REMIND_WORKING_DAYS = env.int("DEFECT_REMIND_WORKING_DAYS", default=3)
DEFECT_CLOSE_WORKING_DAYS = env.int("DEFECT_CLOSE_WORKING_DAYS", default=5)
DEFECT_REOPEN_DAYS = env.int("DEFECT_REOPEN_DAYS", default=7)
DEFECT_DRAFT_DAYS = env.int("DEFECT_DRAFT_DAYS", default=30)

# --- outside connections: all off by default ------------------------------------------------
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="servicedesk@localhost")
# Group robots; off while there is no address. Addresses and secrets are shown nowhere.
ROBOT_LANGUAGE = env.str("ROBOT_LANGUAGE", default="zh-hans")
ROBOT_WECOM_URL = env.str("ROBOT_WECOM_URL", default="")
ROBOT_DINGTALK_URL = env.str("ROBOT_DINGTALK_URL", default="")
ROBOT_DINGTALK_SECRET = env.str("ROBOT_DINGTALK_SECRET", default="")
ROBOT_FEISHU_URL = env.str("ROBOT_FEISHU_URL", default="")
ROBOT_FEISHU_SECRET = env.str("ROBOT_FEISHU_SECRET", default="")
# D26: may a supervisor release an implementation by word of mouth, signed within 24 hours?
EMERGENCY_IMPLEMENTATION = env.bool("EMERGENCY_IMPLEMENTATION", default=False)
PHONE_PROVIDER = env.str("PHONE_PROVIDER", default="simulator")
# Calls to one number that the carrier allows: per minute/hour/day; empty is without limit.
PHONE_BUDGET = env.str("PHONE_BUDGET", default="")
# Both together stay a second below the lease of a call (8 s).
PHONE_CONNECT_SECONDS = env.float("PHONE_CONNECT_SECONDS", default=2.0)
PHONE_READ_SECONDS = env.float("PHONE_READ_SECONDS", default=5.0)
# Once a week the whole chain is tried.
PHONE_CANARY = env.bool("PHONE_CANARY", default=True)
TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env.str("TWILIO_AUTH_TOKEN", default="")
TWILIO_AUTH_TOKEN_OLD = env.str("TWILIO_AUTH_TOKEN_OLD", default="")
TWILIO_FROM = env.str("TWILIO_FROM", default="")
TWILIO_BASE_URL = env.str("TWILIO_BASE_URL", default="")
# Language and voice that read the text, and recorded announcements that take their place.
TWILIO_VOICES = {
    "zh-hans": (
        env.str("TWILIO_LANGUAGE_ZH", default="zh-CN"),
        env.str("TWILIO_VOICE_ZH", default="Polly.Zhiyu"),
    ),
    "en": (
        env.str("TWILIO_LANGUAGE_EN", default="en-US"),
        env.str("TWILIO_VOICE_EN", default="Polly.Joanna"),
    ),
}
TWILIO_PLAY = {
    "zh-hans": env.str("TWILIO_PLAY_ZH", default=""),
    "en": env.str("TWILIO_PLAY_EN", default=""),
}
ALIYUN_ACCESS_KEY_ID = env.str("ALIYUN_ACCESS_KEY_ID", default="")
ALIYUN_ACCESS_KEY_SECRET = env.str("ALIYUN_ACCESS_KEY_SECRET", default="")
# Where the carrier's API is: the name its console shows.
ALIYUN_ENDPOINT = env.str("ALIYUN_ENDPOINT", default="")
ALIYUN_PROTOCOL = env.str("ALIYUN_PROTOCOL", default="HTTPS")
ALIYUN_SHOW_NUMBER = env.str("ALIYUN_SHOW_NUMBER", default="")
ALIYUN_TEMPLATE_ZH = env.str("ALIYUN_TEMPLATE_ZH", default="")
ALIYUN_TEMPLATE_EN = env.str("ALIYUN_TEMPLATE_EN", default="")
ALIYUN_BYE_TEMPLATE = env.str("ALIYUN_BYE_TEMPLATE", default="")
ALIYUN_RECEIPT_SECRET = env.str("ALIYUN_RECEIPT_SECRET", default="")

# --- API ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
        "rest_framework.parsers.FormParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "workflow.api.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("API_THROTTLE_ANON", default="30/min"),
        "user": env.str("API_THROTTLE_USER", default="600/min"),
    },
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
REST_KNOX = {"AUTO_REFRESH": False, "TOKEN_LIMIT_PER_USER": 10}
SPECTACULAR_SETTINGS = {
    "TITLE": "Service desk API",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "ENUM_NAME_OVERRIDES": {
        "DefectState": "tickets.models.defects.DefectState",
        "ConsultationState": "tickets.models.Consultation.State",
        "IncidentState": "incidents.models.incidents.IncidentState",
        "ClockState": "sla.models.Clock.State",
        "Severity": "incidents.models.Incident.Severity",
        "Channel": "tickets.models.Consultation.Channel",
        "CorrectionDecision": "tickets.forms.corrections.DECISIONS",
        "DeliveryChannel": "incidents.models.documents.Channel",
        "InternalLevel": "sla.models.targets.TargetLevel",
        "RiskGrade": "readiness.models.risks.SCALE",
        "MeasureKind": "readiness.models.RiskMeasure.Kind",
        "PageKind": "oncall.models.Page.Kind",
        "ReachChannel": "oncall.ladder_page.WISH_CHOICES",
        "PageState": "oncall.models.Page.State",
        "PageUrgency": "oncall.models.ladder.Urgency",
        "PhraseKind": "teamwork.models.Phrase.Kind",
        "PlanState": "readiness.models.plans.PlanState",
        "RiskLevel": "readiness.models.risks.Level",
        "Urgency": "tickets.models.Defect.Urgency",
    },
}

# --- logs -----------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "axes": {"level": "ERROR"},
        # They would write numbers and words of calls into the log.
        "twilio.http_client": {"level": "ERROR"},
        "urllib3": {"level": "ERROR"},
        "alibabacloud": {"level": "ERROR"},
    },
}

# --- delegation -----------------------------------------------------------------------------
# Longest time for which somebody's work may be passed to another person at once (days, I15).
DELEGATION_MAX_DAYS = env.int("DELEGATION_MAX_DAYS", default=90)

# --- nudges ---------------------------------------------------------------------------------
# One person nudges the holder of one record at most once in so many hours.
NUDGE_HOURS = env.int("NUDGE_HOURS", default=2)

"""All settings, read from the environment. One file, top to bottom.

`DATABASE_URL`, `OWNER_DATABASE_URL` and `REDIS_URL` say where PostgreSQL and Redis are. When they are unset,
`portal.embedded` (through `make demo` and `make test`) starts both and sets them.
"""

from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from csp.constants import NONE, SELF

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Deployment -----------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
# Earlier keys, newest first: what was signed or sealed with them is still read, until everybody has come by once.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000")
HTTPS = env.bool("HTTPS", default=False)

# --- Data ------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL", default="postgresql:///entente", engine="django.db.backends.postgresql"),
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": True,
        "OPTIONS": {"connect_timeout": 5},
        "TEST": {"NAME": env.str("TEST_DATABASE", default="test_entente")},
    }
}
# Migrations run as the owner of the tables; web and worker log in as a role that may only read and write rows.
if env.bool("AS_OWNER", default=False) and env.str("OWNER_DATABASE_URL", default=""):
    DATABASES["default"].update(env.db_url("OWNER_DATABASE_URL", engine="django.db.backends.postgresql"))
REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")
# The same for the client of Redis itself, which has another word for a socket than Celery.
REDIS_CLIENT_URL = REDIS_URL.replace("redis+socket://", "unix://")
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data")))
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(DATA_DIR / "media"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sessions, cache, throttles and lock-outs live in PostgreSQL: when Redis dies, nobody notices more than a delay.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- Applications ----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "guardian",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "portal.ui",
    "portal.api",
    "portal.audit",
    "portal.outbox",
    "portal.live",
    "agencies.directory",
    "agencies.postings",
    "agencies.channels",
    "agencies.chains",
    "agencies.onboarding",
    "agreements.register",
    "agreements.powers",
    "agreements.papers",
    "agreements.sharing",
    "agreements.atlas",
    "agreements.alerts",
    "agreements.delivery",
    "agreements.deadlines",
    "agreements.drafting",
    "agreements.importing",
    "agreements.distress",
    "agreements.compelled",
    "agreements.requests",
    "agreements.hits",
    "agreements.approvals",
    "agreements.onward",
    "agreements.citations",
    "agreements.corrections",
    "agreements.bulletins",
    "agreements.oversight",
    "operations.planning",
    "operations.types",
    "operations.patrols",
    "operations.field",
    "operations.safety",
    "operations.device",
    "operations.meetings",
    "operations.incidents",
    "operations.joint",
    "operations.minutes",
    "operations.response",
    "operations.picture",
    "intel.reports",
]
MIDDLEWARE = [
    "portal.api.middleware.ProblemMiddleware",
    "portal.ui.uploads.SizeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.audit.middleware.DoorMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "agencies.directory.middleware.ActingMiddleware",
    "agreements.sharing.middleware.AccessMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
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
                "portal.ui.context.page",
            ],
            "builtins": ["portal.ui.templatetags.ui"],
        },
    }
]

# --- Who may come in -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "directory.Officer"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "agreements.sharing.backends.PolicyBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "agencies.directory.adapters.OfficerAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
# How often one officer may search with partners within an hour (R19).
HIT_SEARCHES_AN_HOUR = env.int("HIT_SEARCHES_AN_HOUR", default=30)
# How often one officer may ask for access within 24 hours, and after how many days a request ends without an answer.
ACCESS_REQUESTS_A_DAY = env.int("ACCESS_REQUESTS_A_DAY", default=10)
ACCESS_REQUEST_DAYS = env.int("ACCESS_REQUEST_DAYS", default=14)
# After how many days the link of an invitation to an agency ends.
# The mailbox that answers to invitations to meetings come to (`manage.py receive_mail` reads them). Empty: by page only.
MEETING_REPLIES = env.str("MEETING_REPLIES", default="")
INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)
ACCOUNT_RATE_LIMITS = {"login_failed": env.str("LOGIN_FAILED_LIMIT", default="10/m/ip,5/5m/key")}
# guardian: no anonymous row (it would create an active user), and nothing global opens an object.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
GUARDIAN_RAISE_403 = False
# Its own backend would answer by stored membership; PolicyBackend answers instead.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

# --- Browser ---------------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = env.str("SESSION_COOKIE_NAME", default="entente_session")
CSRF_COOKIE_NAME = env.str("CSRF_COOKIE_NAME", default="entente_csrf")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "microphone": [],
    "payment": [],
    "usb": [],
    "geolocation": ["self"],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# Bytes that a request may claim to have; one that claims more is not read at all.
UPLOAD_LIMIT_REQUEST = 120 * 1024 * 1024
# Bytes. Larger files are refused with a sentence at the field.
UPLOAD_LIMIT_TRACK = 40 * 1024 * 1024
UPLOAD_LIMIT_PHOTO = 15 * 1024 * 1024
# Of one document of an agreement, and of all documents of one agreement together (the environment says megabytes).
UPLOAD_LIMIT_DOCUMENT = env.int("DOCUMENT_MEGABYTES", default=25) * 1024 * 1024
DOCUMENTS_LIMIT_AGREEMENT = env.int("DOCUMENTS_MEGABYTES_AGREEMENT", default=500) * 1024 * 1024
# Agreements that an import checks, makes or takes back in one transaction.
IMPORT_BATCH = env.int("IMPORT_BATCH", default=500)

# --- Language, time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = ["portal.ui.formats"]

# --- Static files ----------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(DATA_DIR / "static"))
_MODULES = BASE_DIR / "node_modules"
# Browser libraries are npm dependencies (package.json), served from where npm puts them.
STATICFILES_DIRS = [
    BASE_DIR / "static",
    *[
        (f"lib/{name}", _MODULES / path)
        for name, path in {
            "bootstrap": "bootstrap/dist",
            "bootstrap-icons": "bootstrap-icons",
            "leaflet": "leaflet/dist",
            "chart": "chart.js/dist",
            "plex": "@ibm/plex-sans/fonts",
            "topojson": "topojson-client/dist",
            "world-atlas": "world-atlas",
            "swiss-maps": "swiss-maps",
        }.items()
        if (_MODULES / path).is_dir()
    ],
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# --- Mail and messages -----------------------------------------------------------------------------------------
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    default="django.core.mail.backends.filebased.EmailBackend"
    if DEMO
    else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_FILE_PATH = env.str("EMAIL_FILE_PATH", default=str(DATA_DIR / "mail"))
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
# Seconds: a mail server that hangs must not hold a worker.
EMAIL_TIMEOUT = env.float("EMAIL_TIMEOUT", default=10.0)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="entente@portal.invalid")
# Seconds after an alert in which others of the same officer join it, to leave as one message; 0: each by itself.
DELIVERY_SETTLE_SECONDS = env.float("DELIVERY_SETTLE_SECONDS", default=20.0)
# Messages to one officer by one channel within an hour, from which on the rest becomes one summary.
DELIVERY_STORM_MESSAGES = env.int("DELIVERY_STORM_MESSAGES", default=20)
# Seconds that an agency's webhook or gateway has for everything, from looking up its name to the answer.
DELIVERY_HTTP_SECONDS = env.float("DELIVERY_HTTP_SECONDS", default=10.0)
# Names of hosts in private networks that webhooks and gateways may nevertheless be at.
DELIVERY_PRIVATE_HOSTS = env.list("DELIVERY_PRIVATE_HOSTS", default=[])
# For development and tests: http to this machine is allowed.
DELIVERY_LOOPBACK = env.bool("DELIVERY_LOOPBACK", default=DEBUG)
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Celery: nudges with primary keys, never memory --------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 2, "socket_connect_timeout": 1, "max_retries": 1}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
# Seconds. Rooms add their own entries in AppConfig.ready (see portal.outbox.beat).
CELERY_BEAT_SCHEDULE: dict[str, Any] = {}
OUTBOX_SWEEP_SECONDS = env.float("OUTBOX_SWEEP_SECONDS", default=3.0)
LEDGER_SEAL_SECONDS = env.float("LEDGER_SEAL_SECONDS", default=1.0)
# Ed25519 private key (PEM file) that signs the ledger's tree heads; made on first use when absent.
LEDGER_KEY_FILE = env.str("LEDGER_KEY_FILE", default=str(DATA_DIR / "ledger-key.pem"))

# --- API -------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "agencies.directory.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["agencies.directory.permissions.IsActing"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.api.parsers.BoundedJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "portal.api.pagination.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "portal.api.errors.problem_response",
    "PAGE_SIZE": 50,
    "DEFAULT_THROTTLE_RATES": {
        "token": env.str("TOKEN_RATE", default="20/min"),
        # How often one address may try links of invitations.
        "invitation": env.str("INVITATION_RATE", default="30/min"),
        # How often one address may read calendars behind a secret address.
        "calendar": env.str("CALENDAR_RATE", default="120/min"),
    },
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Entente API",
    "DESCRIPTION": "Everything a page can do. Access follows from the treaties in force.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "DEFAULT_GENERATOR_CLASS": "portal.api.schema.Generator",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "portal.api.schema.name_words",
        "portal.api.schema.complete",
    ],
    # Words that are no Django choices; all others are named after their class.
    "ENUM_NAME_OVERRIDES": {
        "RoleEnum": "agencies.directory.roles.ROLE_CHOICES",
        "AgreementStateEnum": "agreements.register.api.outputs.STATES",
        "DocumentLanguageEnum": "agreements.papers.choices.LANGUAGES",
        "IncidentTypeEnum": "operations.incidents.types.CHOICES",
        "PowerAnswerEnum": "agreements.powers.outputs.ANSWERS",
        "RecordedPowerAnswerEnum": "agreements.powers.choices.Answer",
        "JointDecisionEnum": "operations.joint.choices.Decision",
        "MinutesDecisionEnum": "operations.minutes.choices.Decision",
        "MinutesStateEnum": "operations.minutes.choices.State",
        "RhythmSubjectEnum": "operations.minutes.choices.Subject",
        "SubjectEnum": "operations.incidents.choices.Subject",
        "RowDecisionEnum": "agreements.importing.choices.Decision",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}

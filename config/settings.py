"""All settings, each read from the environment, with an embedded default where one is safe.

docs/settings.md lists them for the operator.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from config.environment import Environment
from staff.desk.theme import UNFOLD as UNFOLD

environment = Environment()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = environment.path("DATA_DIR", BASE_DIR / ".data")

# --- Safety -----------------------------------------------------------------------------------------------------------
DEBUG = environment.flag("DEBUG", default=False)
DEMONSTRATION = environment.flag("DEMONSTRATION", default=False)
SECRET_KEY = environment.secret_key(DEBUG)
KEY_ENCRYPTION_KEYS = environment.encryption_keys(DEBUG)

# --- Addresses --------------------------------------------------------------------------------------------------------
PUBLIC_URL = environment.text("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", f"{urlsplit(PUBLIC_URL).hostname},127.0.0.1,localhost")
TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "staff.desk.trouble.form_refused"
SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # the case page shows the letter in a frame of its own
SILENCED_SYSTEM_CHECKS = [
    # All three follow from PUBLIC_URL, of which config/checks.py says it once and by its name.
    *("security.W004", "security.W012", "security.W016"),
    # Subdomains and browsers' preload list bind hosts of the institution's domain that are none of ours.
    *("security.W005", "security.W021"),
    "security.W008",  # the proxy in front sends people to https; here plain http is the proxy's, and a probe's
    "security.W019",  # X_FRAME_OPTIONS, see above
]

# --- Applications -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # its looks and templates; the site is the desk's own
    "staff.desk.apps.DeskConfig",
    "staff.apps.StaffConfig",  # before Django's accounts: its commands stand in for theirs of the same name
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "csp",
    "protocol.apps.ProtocolConfig",
    "guarantees.apps.GuaranteesConfig",
    "claims.apps.ClaimsConfig",
    "config.apps.ConfigConfig",  # last: it joins the rooms, and grants the roles when all have their permissions
]
MIDDLEWARE = [
    "staff.parameters.ParametersMiddleware",  # before all that may ask for one; it answers nobody
    "protocol.gateway.middleware.GatewayMiddleware",  # outside all others: it alone answers the platform
    "staff.desk.forwarded.ForwardedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "staff.desk.unlisted.UnlistedMiddleware",
    "staff.desk.plain_text.PlainTextMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "staff.desk.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "staff.desk.upload_size.UploadSizeMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
            ],
        },
    },
]

# --- Database ---------------------------------------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": dj_database_url.parse(
        environment.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'desk.sqlite3'}"),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # SQLite ignores SELECT … FOR UPDATE: a transaction takes the write lock when it begins, or waits for it.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }

# --- Files ------------------------------------------------------------------------------------------------------------
MEDIA_ROOT = environment.path("MEDIA_ROOT", DATA_DIR / "files")  # no MEDIA_URL: letters are served to those who may see
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750  # MEDIA_ROOT itself too, where it is made with the first file
STATIC_URL = "/static/"
STATIC_ROOT = environment.text("STATIC_ROOT") or None  # where collectstatic writes; without it they are served in place
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder", "staff.desk.served.UsedFinder"]
WHITENOISE_USE_FINDERS = True

# --- Broker, cache ----------------------------------------------------------------------------------------------------
REDIS_URL = environment.text("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "config.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
    if REDIS_URL
    # Throttles count in it: by default its 300 entries would make room for a stranger's by forgetting ours.
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}
}
CELERY_BROKER_URL = REDIS_URL or None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a broker that was away all night is found again with nobody's help
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 10, "max_retries": 1}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- Server -----------------------------------------------------------------------------------------------------------
REQUEST_SECONDS = environment.integer("REQUEST_SECONDS", 60, minimum=5, maximum=3600)  # from first to last byte
CONNECTIONS = environment.integer("CONNECTIONS", 400, minimum=20, maximum=10_000)  # open at once
CONNECTIONS_OF_A_NETWORK = environment.integer("CONNECTIONS_OF_A_NETWORK", 100, minimum=5, maximum=10_000)

# --- Language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Staff ------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "staff.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
# Approving, taking the money and issuing are three people's work; only a very small institution switches this off.
#: Read once, as the first version of the parameter duties.profile; None: not given.
SEPARATE_DUTIES = environment.flag("SEPARATE_DUTIES", default=True) if environment.text("SEPARATE_DUTIES") else None

# --- The institution and its letter -----------------------------------------------------------------------------------
INSTITUTION_NAME = environment.text("INSTITUTION_NAME")
INSTITUTION_CODE = environment.text("INSTITUTION_CODE")  # unified social credit code, GB 32100
INSTITUTION_KIND = environment.text("INSTITUTION_KIND", "guarantee-company")  # bank, guarantee-company or insurer
INSTITUTION_ADDRESS = environment.text("INSTITUTION_ADDRESS")
INSTITUTION_TELEPHONE = environment.text("INSTITUTION_TELEPHONE")
GUARANTEE_NUMBER_PREFIX = environment.text("GUARANTEE_NUMBER_PREFIX", "BH")
# Read once, as the first versions of business parameters, where they are given: the next five, and CLAUSES_….
PAYMENT_WORKING_DAYS = environment.given_integer("PAYMENT_WORKING_DAYS", minimum=1, maximum=90)
PREMIUM_ACCOUNT_NAME = environment.text("PREMIUM_ACCOUNT_NAME")
PREMIUM_ACCOUNT_NUMBER = environment.text("PREMIUM_ACCOUNT_NUMBER")
PREMIUM_ACCOUNT_BANK = environment.text("PREMIUM_ACCOUNT_BANK")
PREMIUM_DUE_DAYS = environment.given_integer("PREMIUM_DUE_DAYS", minimum=1, maximum=365)
WORDING = environment.text("WORDING")  # where the kind of institution leaves a choice: independent or suretyship
CLAUSES_NAME = environment.text("CLAUSES_NAME")  # an insurer's filed clauses, and their registration number
CLAUSES_NUMBER = environment.text("CLAUSES_NUMBER")
FALLBACK_FONT = tuple(Path(word).expanduser().absolute() for word in environment.words("FALLBACK_FONT"))
SEAL_IMAGE = environment.text("SEAL_IMAGE")  # a PNG file of the registered electronic seal
SIGNING_CERTIFICATE = environment.text("SIGNING_CERTIFICATE")  # a PKCS#12 file, or PEM with SIGNING_KEY beside it
SIGNING_KEY = environment.text("SIGNING_KEY")  # a PEM file, a pkcs11: URI (RFC 7512), or a signing service's address
SIGNING_PASSPHRASE = environment.text("SIGNING_PASSPHRASE")  # of either file, or the PIN of the HSM or the service
SIGNING_CREDENTIAL = environment.text("SIGNING_CREDENTIAL")  # the key's name at the signing service
SIGNING_TOKEN = environment.text("SIGNING_TOKEN")  # with which the signing service knows us
SIGNING_SECONDS = environment.integer("SIGNING_SECONDS", 20, minimum=1, maximum=300)
TIMESTAMP_SERVICE = environment.text("TIMESTAMP_SERVICE")  # the address of an RFC 3161 authority
TIMESTAMP_AUTHORIZATION = environment.text("TIMESTAMP_AUTHORIZATION")
SERVICE_AUTHORITY = environment.text("SERVICE_AUTHORITY")  # PEM file: a private CA of these services' addresses
SERVICE_CLIENT_CERTIFICATE = environment.text("SERVICE_CLIENT_CERTIFICATE")  # PEM file, key included, shown to them
EMBED_REVOCATION = environment.flag("EMBED_REVOCATION", default=True)
TRUST_ANCHORS = environment.words("TRUST_ANCHORS")  # PEM files of the certification authorities that we trust

# --- Gateway ----------------------------------------------------------------------------------------------------------
APPEND_SLASH = True
GATEWAY_SUSPENDED = environment.flag("GATEWAY_SUSPENDED", default=False)
GATEWAY_FILES_SUSPENDED = environment.flag("GATEWAY_FILES_SUSPENDED", default=False)
GATEWAY_SIGNED_PER_MINUTE = environment.integer("GATEWAY_SIGNED_PER_MINUTE", 600, minimum=1, maximum=1_000_000)
GATEWAY_DIGITAL_PER_MINUTE = environment.integer("GATEWAY_DIGITAL_PER_MINUTE", 120, minimum=1, maximum=1_000_000)

# --- Delivery ---------------------------------------------------------------------------------------------------------
DELIVERY_DEADLINE = timedelta(  # of one whole attempt
    seconds=environment.integer("DELIVERY_DEADLINE_SECONDS", 30, minimum=1, maximum=600)
)
DELIVERY_AT_ONCE = environment.integer("DELIVERY_AT_ONCE", 4, minimum=1, maximum=64)  # attempts at one platform
DELIVERY_SENDERS_IN_ALL = (  # of Celery's workers, where they are several; else each counts its own processes
    environment.integer("DELIVERY_SENDERS", 6, minimum=2, maximum=64) if environment.text("DELIVERY_SENDERS") else None
)
DELIVERY_SENDERS = max(  # of the site's own process, where there is no broker: one platform never holds all
    environment.integer("DELIVERY_SENDERS", 6, minimum=2, maximum=64), DELIVERY_AT_ONCE + 1
)
DELIVERY_SLOW = DELIVERY_DEADLINE / 6  # a platform that takes longer gets one sender at a time
DELIVERY_CONNECT_TIMEOUT = min(timedelta(seconds=5), DELIVERY_DEADLINE)
DELIVERY_LEASE = 2 * DELIVERY_DEADLINE  # so that nobody sends what another still sends
DELIVERY_FIRST_WAIT = timedelta(seconds=environment.integer("DELIVERY_RETRY_SECONDS", 10, minimum=1, maximum=3600))
DELIVERY_SWEEP = timedelta(seconds=environment.integer("DELIVERY_SWEEP_SECONDS", 10, minimum=1, maximum=3600))
#: Read once, as the first version of a business parameter; None: not given.
DELIVERY_ALERT_MINUTES = environment.given_integer("DELIVERY_ALERT_MINUTES", minimum=1, maximum=10_000)

# --- Telling staff ----------------------------------------------------------------------------------------------------
CHANNEL_HOSTS = environment.words(
    "CHANNEL_HOSTS"
)  # of robots at an installation of our own, such as wecom.example:8443

# --- Alerts -----------------------------------------------------------------------------------------------------------
#: Read once, as DELIVERY_ALERT_MINUTES.
CERTIFICATE_ALERT_DAYS = environment.given_integer("CERTIFICATE_ALERT_DAYS", minimum=1, maximum=1000)
ALERT_EMAIL = environment.words("ALERT_EMAIL")
DEFAULT_FROM_EMAIL = environment.text("FROM_EMAIL", f"desk@{urlsplit(PUBLIC_URL).hostname}")
MAIL_IS_SET_UP = bool(environment.text("EMAIL_HOST"))
EMAIL_HOST = environment.text("EMAIL_HOST", "localhost")
EMAIL_PORT = environment.integer("EMAIL_PORT", 25, minimum=1, maximum=65535)
EMAIL_HOST_USER = environment.text("EMAIL_USER")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_PASSWORD")
EMAIL_USE_TLS = environment.flag("EMAIL_TLS", default=False)
EMAIL_TIMEOUT = 5

# --- Content-Security-Policy ------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, UNSAFE_INLINE],  # django-unfold writes its theme colours into a <style>
        "img-src": [SELF, "data:"],
        "frame-src": [SELF],  # the letter on the case page
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}

# --- Logging ----------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"discreet": {"()": "config.logs.Discreet"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discreet"]}},
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}

"""The project's settings, with keys of the tests' own; DATABASE_URL chooses the database of a run."""

import gc
import os
import tempfile

os.environ.setdefault("SECRET_KEY", "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH")
os.environ.setdefault("KEY_ENCRYPTION_KEY", "dGVzdHMtb25seS1rZXktdGVzdHMtb25seS1rZXktMTI=")
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="desk-tests-"))
os.environ.pop("REDIS_URL", None)

from config.settings import *  # noqa: F403

# What an installation's environment said when it was first started: from then on it is data.
PREMIUM_ACCOUNT_NAME = "青城融资担保有限公司"
PREMIUM_ACCOUNT_NUMBER = "1510000000000000026"
PREMIUM_ACCOUNT_BANK = "青城银行新城支行"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Each Client loads the middleware anew, which would walk through all static files: one is looked up when asked for.
WHITENOISE_AUTOREFRESH = True
# Hundreds of modules are imported and thousands of cases made: to look for garbage among them every 700 objects took a
# tenth of the time.
gc.set_threshold(50_000, 20, 50)

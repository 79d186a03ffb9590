"""The settings under which rows are made to be kept: the tests' keys, a database of each kind, an institution."""

import os
from pathlib import Path

from tests.settings import *  # noqa: F403

FOLDER = Path(os.environ["KEPT_FOLDER"])
DATABASES["copy"] = {  # noqa: F405
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": str(FOLDER / "rows.sqlite3"),
    "OPTIONS": {},
}
MEDIA_ROOT = FOLDER / "files"
INSTITUTION_NAME = "青城融资担保有限公司"
INSTITUTION_CODE = "91150100MA0N2T4X50"
INSTITUTION_ADDRESS = "呼和浩特市新城区1号"
INSTITUTION_TELEPHONE = "0471-0000000"
SIGNING_CERTIFICATE = str(FOLDER / "signing.p12")
TRUST_ANCHORS = [str(FOLDER / "authority.pem")]
ALLOWED_HOSTS = ["*"]

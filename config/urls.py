"""Every address of the site; the gateway's are answered before any of these (protocol/gateway/middleware.py)."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from guarantees.verification.public import verify

handler403 = "staff.desk.trouble.forbidden"
handler500 = "staff.desk.trouble.failed"
urlpatterns = [
    path("admin/", admin.site.urls),
    path("applicant/", include("guarantees.applicant_page.addresses")),
    path("verify/", verify, name="verify"),
    path("verify/<str:number>/", verify, name="verify"),
    path("", RedirectView.as_view(pattern_name="admin:index")),
]

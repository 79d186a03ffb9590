"""The page behind a one-time link: the owner of an account sets its password, and nobody else learns it."""

from __future__ import annotations

from django.contrib import admin, messages
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from staff.accounts import link_owner, use_link


@sensitive_post_parameters()
@never_cache
def set_password(request: HttpRequest, secret: str) -> HttpResponse:
    """Asks for the new password twice; a link that is used, too old or nobody's is told apart by nothing."""
    owner = link_owner(secret)
    form = SetPasswordForm(owner, request.POST or None) if owner else None
    if form and form.is_valid():
        if use_link(secret, form.cleaned_data["new_password1"]):
            messages.success(request, _("The password is set. Sign in with it."))
            return redirect("admin:login")
        owner = form = None
    context = {**admin.site.each_context(request), "owner": owner, "form": form, "title": _("Set your password")}
    answer = TemplateResponse(request, "admin/set_password.html", context, status=200 if owner else 404)
    # The address is the secret. (Under no-referrer a browser would send its own form with Origin: null.)
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer

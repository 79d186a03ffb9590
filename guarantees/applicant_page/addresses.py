"""Below /applicant/: what follows is the link's token."""

from django.urls import path

from guarantees.applicant_page import views

urlpatterns = [
    path("<str:token>/", views.page, name="applicant"),
    path("<str:token>/leave/", views.leave, name="applicant_leave"),
    path("<str:token>/send/<str:kind>/", views.send, name="applicant_send"),
    path("<str:token>/answer/", views.answer, name="applicant_answer"),
    path("<str:token>/letter/", views.letter_file, name="applicant_letter"),
    path("<str:token>/notice/", views.notice_file, name="applicant_notice"),
]

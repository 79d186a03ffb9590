from django.db import migrations, models


def begin(apps, schema_editor):
    """What waits for somebody's work, and since when; the moments come with the first recount, by the calendar."""
    using = schema_editor.connection.alias

    def rows(model):
        return apps.get_model("guarantees", model).objects.using(using)

    received = models.F("received_at")
    rows("Application").filter(state="received").update(work="application", work_since=received)
    rows("Cancellation").filter(state="received").update(work="cancellation", work_since=received)
    rows("Withdrawal").filter(state="received").update(work="withdrawal", work_since=received)
    rows("Refund").filter(paid_at=None).update(work="refund", work_since=models.F("due_at"))
    open_ones = rows("Application").filter(state__in=["approved", "paid", "returned"]).select_related("approval")
    for case in open_ones.iterator():
        since = case.approval.approved_at if case.approval else case.received_at
        if case.state == "paid":
            since = max(since, case.settled_at or since)
        elif case.state == "returned":
            letters = rows("Guarantee").filter(application=case, ended_at__isnull=False).order_by("-id")
            since = letters.values_list("ended_at", flat=True).first() or since
        works = {"approved": "premium", "paid": "issue", "returned": "correction"}
        rows("Application").filter(pk=case.pk).update(work=works[case.state], work_since=since)


class Migration(migrations.Migration):

    dependencies = [
        ('guarantees', '0026_targets'),
    ]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]

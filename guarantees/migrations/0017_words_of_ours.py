"""What a platform's codes said is kept in words of ours; the trail's entries of before keep their codes, which are in
their digests."""

from django.db import migrations, models

#: By model and column: what stood there, and what is to stand.
WORDS = {
    ("Application", "purchase_nature"): {"服务类": "services", "货物类": "goods", "工程类": "works"},
    ("Cancellation", "kind"): {"0": "performed", "1": "defective"},
    ("Withdrawal", "kind"): {"01": "surrender", "02": "order_cancellation"},
    ("Receipt", "means"): {"01": "bank_transfer", "02": "wechat", "03": "alipay", "04": "other"},
}
KNOWN = {
    "cancellation_kind_known": ("cancellation", models.Q(kind__in=["performed", "defective"])),
    "withdrawal_kind_known": ("withdrawal", models.Q(kind__in=["surrender", "order_cancellation"])),
    "receipt_means_known": ("receipt", models.Q(means__in=["bank_transfer", "wechat", "alipay", "other"])),
}


def into_words(apps, schema_editor):
    _write(apps, schema_editor.connection.alias, WORDS)


def into_codes(apps, schema_editor):
    codes = {place: {word: code for code, word in words.items()} for place, words in WORDS.items()}
    _write(apps, schema_editor.connection.alias, codes)


def _write(apps, alias, texts):
    for (model, column), after in texts.items():
        rows = apps.get_model("guarantees", model).objects.using(alias)
        for before, text in after.items():
            rows.filter(**{column: before}).update(**{column: text})


class Migration(migrations.Migration):

    dependencies = [("guarantees", "0016_clock")]

    operations = [
        *(migrations.RemoveConstraint(model_name=model, name=name) for name, (model, _known) in KNOWN.items()),
        migrations.AlterField(
            model_name="application",
            name="purchase_nature",
            field=models.CharField(
                choices=[("services", "services"), ("goods", "goods"), ("works", "works")],
                max_length=16,
                verbose_name="nature of purchase",
            ),
        ),
        migrations.AlterField(
            model_name="cancellation",
            name="kind",
            field=models.CharField(
                choices=[("performed", "the contract is performed"), ("defective", "the file is defective")],
                max_length=16,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="receipt",
            name="means",
            field=models.CharField(
                choices=[
                    ("bank_transfer", "online bank transfer"),
                    ("wechat", "WeChat Pay"),
                    ("alipay", "Alipay"),
                    ("other", "other means"),
                ],
                max_length=16,
                verbose_name="means",
            ),
        ),
        migrations.AlterField(
            model_name="withdrawal",
            name="kind",
            field=models.CharField(
                choices=[("surrender", "surrender"), ("order_cancellation", "cancel the order")],
                max_length=24,
                verbose_name="kind",
            ),
        ),
        migrations.RunPython(into_words, into_codes),
        *(
            migrations.AddConstraint(model_name=model, constraint=models.CheckConstraint(condition=known, name=name))
            for name, (model, known) in KNOWN.items()
        ),
    ]

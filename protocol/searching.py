"""Search in folded texts and by blind indexes, and the way there for rows from before a folding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models import Q

from protocol import folding
from protocol.fields import BlindIndexField, FoldedField, FoldingField, blind_indexes, former_blind_indexes

BATCH = 500
Kind = TypeVar("Kind", bound="models.Field[Any, Any]")


def containing(model: type[models.Model], word: str, path: str = "") -> Q:
    """The rows of `model` whose folded texts contain the word; `path` leads to them ("application__")."""
    field = next(_fields(model, FoldedField))
    # As a name and as a number; a word of nothing but dashes would be found everywhere.
    folded = {folding.name(word), folding.number(word)} - {""}
    found = Q(pk__in=[])
    for text in folded:
        found |= Q(**{f"{path}{field.name}__contains": text})
    if is_behind(model):
        for source in (*field.names, *field.numbers):
            found |= Q(**{f"{path}{source.replace('.', '__')}__icontains": word})
    return found


def having(model: type[models.Model], value: str) -> Q:
    """The rows of `model` of which an encrypted field that has a blind index is just `value`, however written."""
    indexes = [*blind_indexes(value), *(former_blind_indexes(value) if is_behind(model) else [])]
    found = Q(pk__in=[])
    for field in _fields(model, BlindIndexField):
        found |= Q(**{f"{field.name}__in": indexes})
    return found


def is_behind(model: type[models.Model]) -> bool:
    """Whether rows wait that were folded otherwise."""
    return _waiting(model).exists()


def searchable() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if any(_fields(model, FoldingField))]


def rows_behind() -> int:
    """How many rows of all models wait."""
    return sum(_waiting(model).count() for model in searchable())


def fold(model: type[models.Model], most: int | None = None, using: str = DEFAULT_DB_ALIAS) -> Iterator[int]:
    """Folds what waits, the oldest rows first, and yields how many it did after each batch; `most` at most.

    It may be stopped at any time and goes on where it was. A row is locked while it is folded, so that a correction
    made at the same moment is not lost.
    """
    kept = [*_fields(model, FoldedField), *_fields(model, BlindIndexField), *_fields(model, FoldingField)]
    sources = [source for field in _fields(model, FoldedField) for source in (*field.names, *field.numbers)]
    beside = {source.split(".")[0] for source in sources if "." in source}
    # Nothing but what is needed is read: another column may hold what only a later version understands.
    needed = {
        *(source.replace(".", "__") for source in sources),
        *(field.source for field in _fields(model, BlindIndexField)),
        *(field.name for field in kept),
        *beside,
    }
    waiting = _waiting(model).using(using).only(*needed)
    waiting = waiting.select_related(*beside) if beside else waiting
    done = 0
    while most is None or done < most:
        with transaction.atomic(using=using):
            batch = list(waiting.select_for_update(of=("self",)).order_by("pk")[:BATCH])
            for record in batch:
                for field in kept:
                    field.pre_save(record, add=False)
            model._base_manager.using(using).bulk_update(batch, [field.name for field in kept])
        done += len(batch)
        if not batch:
            return
        yield len(batch)


def _waiting(model: type[models.Model]) -> models.QuerySet[Any]:
    return model._base_manager.filter(folding__lt=folding.VERSION)


def _fields(model: type[models.Model], kind: type[Kind]) -> Iterator[Kind]:
    return (field for field in model._meta.get_fields() if isinstance(field, kind))

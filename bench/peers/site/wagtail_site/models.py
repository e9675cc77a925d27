"""Places, departments, matters and answers as snippets; the list is a page that filters, counts and pages them."""

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index
from wagtail.snippets.models import register_snippet

PER_PAGE = 100
FACETS = ("department", "type", "mode", "status")
NOT_HANDLED = "undelegated"


@register_snippet
class Place(models.Model):
    """A county or zone."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=64)

    def __str__(self) -> str:
        """Its name."""
        return self.name


@register_snippet
class Department(models.Model):
    """A department of the city."""

    name = models.CharField(max_length=128, unique=True)

    def __str__(self) -> str:
        """Its name."""
        return self.name


@register_snippet
class Matter(index.Indexed, models.Model):
    """A row of the list."""

    seq = models.IntegerField(db_index=True)
    name = models.CharField(max_length=255)
    code = models.CharField(max_length=64)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    type = models.CharField(max_length=4, db_index=True)
    mode = models.CharField(max_length=32, db_index=True)
    status = models.CharField(max_length=32, db_index=True)

    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("name"),
        index.SearchField("code"),
        index.FilterField("department"),
        index.FilterField("type"),
        index.FilterField("mode"),
        index.FilterField("status"),
    ]

    class Meta:
        """In the list's order."""

        ordering = ("seq",)

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Answer(models.Model):
    """The mode of a matter at a place."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="answers")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    mode = models.CharField(max_length=32)

    class Meta:
        """One for each matter and place; the index is what the counts by place read."""

        constraints = (models.UniqueConstraint(fields=("matter", "place"), name="one_answer"),)
        indexes = (models.Index(fields=("place", "mode", "matter")),)

    def __str__(self) -> str:
        """Its mode."""
        return self.mode


class ListPage(Page):
    """The public page of the list."""

    intro = RichTextField(blank=True)
    template = "list_page.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """A page of matters with the counts beside every choice."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        place = Place.objects.filter(code=request.GET.get("at", "")).first()
        chosen = {name: request.GET.getlist(name) for name in FACETS}
        if query := request.GET.get("q"):
            matters = Matter.objects.filter(pk__in=[each.pk for each in Matter.objects.search(query)])
        else:
            matters = Matter.objects.all()
        wanted = narrowed(matters, chosen, place)
        pages = Paginator(wanted.select_related("department").prefetch_related("answers__place"), PER_PAGE)
        context["matters"] = pages.get_page(request.GET.get("page"))
        context["facets"] = {name: counts(matters, chosen, place, name) for name in FACETS}
        context["handled"] = (
            Answer.objects.filter(matter__in=wanted.order_by())
            .exclude(mode=NOT_HANDLED)
            .values("place__code", "place__name")
            .annotate(amount=Count("pk"))
            .order_by("place__code")
        )
        context["place"] = place
        return context


def narrowed(
    matters: QuerySet[Matter], chosen: dict[str, list[str]], place: Place | None, without: str = ""
) -> QuerySet[Matter]:
    """The matters that meet every choice but those of the facet `without`."""
    for name, values in chosen.items():
        if not values or name == without:
            continue
        if name == "mode" and place:
            matters = matters.filter(answers__place=place, answers__mode__in=values)
        else:
            matters = matters.filter(**{f"{name}__in": values})
    return matters


def counts(
    matters: QuerySet[Matter], chosen: dict[str, list[str]], place: Place | None, name: str
) -> list[dict[str, Any]]:
    """The values of a facet with how many matters have each, given what else is chosen."""
    rest = narrowed(matters, chosen, place, without=name).order_by()
    if name == "mode" and place:
        found = (
            Answer.objects.filter(place=place, matter__in=rest).values("mode").annotate(amount=Count("pk"))
        )
        return [{"value": each["mode"], "label": each["mode"], **each} for each in found]
    label = "department__name" if name == "department" else name
    found = rest.values(name, label).annotate(amount=Count("pk")).order_by(label)
    return [{"value": each[name], "label": each[label], "amount": each["amount"]} for each in found]

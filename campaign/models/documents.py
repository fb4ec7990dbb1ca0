"""The documents a campaign means to revise, clause by clause."""

from __future__ import annotations

from django.db import models

from campaign.choices import DocumentKind
from campaign.models.campaign import Campaign


class PlanDocument(models.Model):
    """The construction plan or the task book that the campaign revises (S2, S23)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="documents")
    kind = models.CharField("类别", max_length=30, choices=DocumentKind)
    title = models.CharField("名称", max_length=200)

    class Meta:
        verbose_name = "方案文本"
        verbose_name_plural = "方案文本"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "kind"], name="document_kind_once")
        ]

    def __str__(self) -> str:
        return self.title


class PlanVersion(models.Model):
    """A numbered state of a document; version 1 is the text the discussion starts from."""

    document = models.ForeignKey(PlanDocument, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("版次")
    made_on = models.DateField("日期")
    source = models.CharField("来源", max_length=200, blank=True)

    class Meta:
        verbose_name = "版次"
        verbose_name_plural = "版次"
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.document} 第{self.number}版"


class Clause(models.Model):
    """An addressable clause. Its identity outlives its wording."""

    document = models.ForeignKey(PlanDocument, models.PROTECT, related_name="clauses")
    order = models.PositiveIntegerField("顺序")
    number = models.CharField("条款号", max_length=40)
    depth = models.PositiveSmallIntegerField("层级", default=1)
    title = models.CharField("标题", max_length=200, blank=True)

    class Meta:
        verbose_name = "条款"
        verbose_name_plural = "条款"
        ordering = ["document", "order"]
        constraints = [
            models.UniqueConstraint(fields=["document", "order"], name="clause_order_once"),
            models.UniqueConstraint(fields=["document", "number"], name="clause_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}{self.title}"


class ClauseWording(models.Model):
    """What a clause says from a version on, until a later version words it anew.

    Without text the version leaves the clause out.
    """

    clause = models.ForeignKey(Clause, models.PROTECT, related_name="wordings")
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="wordings")
    text = models.TextField("条文", blank=True)

    class Meta:
        verbose_name = "条文"
        verbose_name_plural = "条文"
        ordering = ["clause", "version__number"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "version"], name="wording_once_a_version")
        ]

    def __str__(self) -> str:
        return self.text[:40]

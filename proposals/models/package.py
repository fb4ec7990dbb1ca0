"""What a unit sends in from its records (S21)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from campaign.models import Campaign
from proposals.choices import PackageStatus
from proposals.querysets import (
    PackageQuerySet,
)
from units.models import Unit


class SubmissionPackage(models.Model):
    """What a unit reports to the plan group (S21): compiled from its records, locked once sent.

    `contents` is the compiled snapshot as it was sent; a draft compiles anew at every look.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="packages")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="packages", verbose_name="单位")
    status = models.CharField(
        "状态", max_length=20, choices=PackageStatus, default=PackageStatus.DRAFT
    )
    summary = models.TextField("综述", blank=True)
    contents = models.JSONField("报送内容", default=dict)
    content_hash = models.CharField("内容校验码", max_length=64, blank=True)
    version = models.PositiveIntegerField("修改次数", default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("编制时间")
    sent_at = models.DateTimeField("报送时间", null=True)
    received_at = models.DateTimeField("签收时间", null=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    receipt_number = models.CharField("签收号", max_length=30, blank=True)
    return_reason = models.TextField("退回原因", blank=True)

    objects = PackageQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["contents"])

    class Meta:
        verbose_name = "报送材料"
        verbose_name_plural = "报送材料"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "unit"], name="package_once_a_unit"),
            models.UniqueConstraint(
                fields=["campaign", "receipt_number"],
                condition=~Q(receipt_number=""),
                name="package_receipt_number_once",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[PackageStatus.SENT, PackageStatus.RECEIVED])
                | Q(sent_at__isnull=False),
                name="package_sent_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status=PackageStatus.RECEIVED) | ~Q(receipt_number=""),
                name="package_received_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(status=PackageStatus.RETURNED) | ~Q(return_reason=""),
                name="package_returned_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}报送材料"

"""People who sign in, and the trail of what they did."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person with a sign-in name. Rights come from `units.Membership`, never from here."""

    first_name = None  # type: ignore[assignment]  # a Chinese name is one field
    last_name = None  # type: ignore[assignment]
    name = models.CharField("姓名", max_length=50)
    is_demo = models.BooleanField("演示数据", default=False)

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """One line of the trail (GB/T 22239-2019, audit control): added, never edited.

    `entry_hash` covers the row's content. Minutes later the sealer gives the row its `position`
    and a `chain_hash` over the chain so far, so that a removed row is noticed too. Sealing is
    apart from writing because a chain kept at write time would let one writer in at a time.
    """

    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    action = models.CharField("操作", max_length=60)
    subject_type = models.CharField("对象类型", max_length=60, blank=True)
    subject_id = models.CharField("对象编号", max_length=60, blank=True)
    address = models.GenericIPAddressField("来源地址", null=True)
    before = models.JSONField("原值", default=dict)
    after = models.JSONField("新值", default=dict)
    entry_hash = models.CharField("内容校验码", max_length=64)
    position = models.PositiveBigIntegerField("链上位置", null=True, unique=True)
    chain_hash = models.CharField("链校验码", max_length=64, blank=True)

    class Meta:
        verbose_name = "操作记录"
        verbose_name_plural = "操作记录"
        ordering = ["pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="audit_by_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject_type}:{self.subject_id}"
